import { parseArgs } from 'node:util';
import { openApp, secret } from './database.ts';
import { places } from './portfolio.ts';
import { countiesFile } from './scale-database.ts';
import { prefixOf } from './scale-requests.ts';

const usage = `node bench/portfolios.ts [options]
  --projects n     how many projects the database has: a multiple of 10,000 (100,000)
  --times n        how often each question is asked (30)
How long portfolios take, each a whole request without the network, and for how long at most it keeps the process busy.
The database is built once and kept in bench/.cache.
`;

const { values: options } = parseArgs({
  options: {
    projects: { type: 'string', default: '100000' },
    times: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});
const counties = Number(options.projects) / 10_000;
if (options.help || !Number.isInteger(counties) || counties < 1) {
  process.stdout.write(usage);
  process.exit(options.help ? 0 : 2);
}

const county = prefixOf(0);
const programme = places()[0]?.id ?? '';
const questions: Record<string, string> = {
  'all, now': '/v1/portfolio',
  'all, now, as a board': '/v1/portfolio.svg',
  'all, now, by households': '/v1/portfolio?weightBasis=quantity:households',
  'all, now, red ones': '/v1/portfolio?light=red',
  'all components, now': '/v1/portfolio?kind=component',
  'one sub-district, now': `/v1/portfolio?within=${county}street-00`,
  'one sub-district, a past day': `/v1/portfolio?within=${county}street-00&asOf=2024-12-31`,
  'one sub-district, compared': `/v1/portfolio?within=${county}street-00&asOf=2024-12-31&compareTo=2024-06-30`,
  'one programme, compared': `/v1/portfolio?within=${county}${programme}&asOf=2024-12-31&compareTo=2024-06-30`,
  'the list of the grey': '/v1/projects?light=grey',
  'the list of the yellow': '/v1/projects?light=yellow',
};

const app = await openApp(await countiesFile(counties, (line) => process.stdout.write(`${line}\n`)));
for (const [name, url] of Object.entries(questions)) await measure(name, url);
await app.close();

async function measure(name: string, url: string): Promise<void> {
  const taken: number[] = [];
  let longestMs = 0;
  let counted = '';
  for (let i = 0; i < Number(options.times); i += 1) {
    const watch = watched();
    const begunMs = performance.now();
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${secret}` } });
    taken.push(performance.now() - begunMs);
    longestMs = Math.max(longestMs, watch());
    if (answer.statusCode !== 200) throw new Error(answer.body);
    if (url.startsWith('/v1/portfolio?') || url === '/v1/portfolio')
      counted = `, ${answer.json().projects.toLocaleString('en')} counted`;
    if (i > 2 && taken.reduce((sum, each) => sum + each, 0) > 20_000) break;
  }
  taken.sort((one, other) => one - other);
  const median = taken[Math.floor(taken.length / 2)] as number;
  const [least, most] = [taken[0] as number, taken.at(-1) as number];
  process.stdout.write(
    `${name}: ${median.toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)}), busy for ${longestMs.toFixed(1)} ms at most${counted}\n`,
  );
}

/** For how long others had no turn, until it is asked. */
function watched(): () => number {
  let [lastMs, longestMs, isOver] = [performance.now(), 0, false];
  const look = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    isOver = true;
    look();
    return longestMs;
  };
}
