import { type Fraction, shownSteps } from './fraction.ts';
import type { Facts, Rules } from './history.ts';

interface Question {
  status: string | null;
  cadence: Facts['cadence'];
  rules: Rules;
  day: string;
  /** The newest day on which anything was said of it or of a part that counts. */
  newestDay: string | null;
  percent: Fraction | null;
  isFinished: boolean;
  planned: Fraction | null;
}

/** The longest such period, and the time that it takes to send a report. */
const silentAfter: Record<string, number> = { weekly: 10, monthly: 38, none: Number.POSITIVE_INFINITY };

/** The light of a project; two where the gap lies so near an edge of what is shown that either is right. */
export function plainLights({
  status,
  cadence,
  rules,
  day,
  newestDay,
  percent,
  isFinished,
  planned,
}: Question): (string | null)[] {
  if (status === 'cancelled' || status === 'suspended') return [null];
  const days = cadence === null ? rules.silentAfterDays : (silentAfter[cadence] ?? 0);
  const age = newestDay === null ? Number.POSITIVE_INFINITY : Date.parse(day) - Date.parse(newestDay);
  const isAwaited = Number.isFinite(days) && status !== 'completion' && !isFinished;
  if (isAwaited && age > days * 86_400_000) return ['grey'];
  if (percent === null || planned === null) return [null];
  const lights = shownSteps(planned).flatMap((wanted) =>
    shownSteps(percent).map((done) => {
      const behind = wanted - done;
      if (behind > rules.redBehind * 100) return 'red';
      return behind > 0 && behind >= rules.yellowBehind * 100 ? 'yellow' : 'green';
    }),
  );
  return [...new Set(lights)];
}
