import { testEngine } from '../support/index.ts';

/** How long a search takes and where it begins. `npm run test:fuzz` sets both; otherwise they are small and fixed. */
export interface SearchSettings {
  seed: number;
  /** How many times each property is tried. */
  runs: number;
}

/** @param ordinaryRuns how often in the ordinary test run, of which a search may take a second or two */
export function searchSettings(ordinaryRuns: number): SearchSettings {
  // On other engines everything is read to see whether something was written, and nothing is put back in place.
  const affordable = testEngine === 'sqlite' ? ordinaryRuns : Math.ceil(ordinaryRuns / 10);
  return {
    seed: wholeNumber('FUZZ_SEED') ?? 20_230_630,
    runs: wholeNumber('FUZZ_RUNS') ?? affordable,
  };
}

/** For how long a search of so many runs may go on, the time to make shorter what it finds included. */
export function timeLimitMs(runs: number, msPerRun: number): number {
  return 30_000 + runs * msPerRun;
}

/** What a search is told: to end before its test is ended, with the shortest that it has by then. */
export function searchParameters({ seed, runs }: SearchSettings, msPerRun: number) {
  return { seed, numRuns: runs, interruptAfterTimeLimit: timeLimitMs(runs, msPerRun) - 10_000 };
}

/** The words that repeat a search, printed with whatever it has found. */
export function howToRepeat({ seed, runs }: SearchSettings, file: string): string {
  return `npm run test:fuzz -- --seed ${seed} --runs ${runs} ${file}`;
}

function wholeNumber(name: string): number | null {
  const text = process.env[name];
  if (text === undefined || text === '') return null;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is ${text}; it must be a whole number`);
  return Number(text);
}
