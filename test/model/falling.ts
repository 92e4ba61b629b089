import type { History, Said } from './history.ts';

/**
 * Whether a report says less than one before it or more than one after it, by what each can mean, and nobody says why.
 * The neighbours are the nearest days whose figure is a bound on that side, and for each quantity the nearest days on
 * which it was told.
 */
export function falls(
  history: History,
  projectId: string,
  day: string,
  said: Said,
  momentMs: number,
): boolean {
  if (said.reason !== null) return false;
  const others = history.reportsAt(projectId, momentMs);
  const before = others.filter((report) => report.day < day);
  const after = others.filter((report) => report.day > day);
  const low = before.findLast(({ value }) => value.percent !== null && bounds(least, value))?.value;
  const high = after.find(({ value }) => value.percent !== null && bounds(most, value))?.value;
  if (said.percent !== null && low !== undefined && most(said) < least(low)) return true;
  if (said.percent !== null && high !== undefined && high.reason === null && most(high) < least(said))
    return true;
  return said.quantities.some(({ code, value }) => {
    const countOf = (each: Said) => each.quantities.find((quantity) => quantity.code === code)?.value;
    const earlier = before.findLast((report) => countOf(report.value) !== undefined)?.value;
    const later = after.find((report) => countOf(report.value) !== undefined)?.value;
    if (earlier !== undefined && value < (countOf(earlier) ?? 0)) return true;
    return later !== undefined && later.reason === null && value > (countOf(later) ?? 0);
  });
}

/** Whether a figure so qualified says anything about that end, whatever its number. */
function bounds(end: typeof most, { qualifier }: Said): boolean {
  const said = { percent: 50, qualifier, quantities: [], spent: null, reason: null };
  return end(said) === 50;
}

function most({ percent, qualifier }: Said): number {
  return ['atLeast', 'moreThan'].includes(qualifier) ? 100 : (percent ?? 100);
}

function least({ percent, qualifier }: Said): number {
  return ['atMost', 'lessThan', 'nearly'].includes(qualifier) ? 0 : (percent ?? 0);
}
