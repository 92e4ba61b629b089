/**
 * What a write came to, as the header `Jindu-Verdict` says: `unchanged` means that what was sent was already there and
 * nothing was written.
 */
export const verdicts = [
  'created',
  'replaced',
  'unchanged',
  'corrected',
  'withdrawn',
  'archived',
  'restored',
] as const;
export type Verdict = (typeof verdicts)[number];
