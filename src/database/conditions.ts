import { type AnyColumn, and, eq, gt, isNull, lt, lte, or, type Placeholder, type SQL } from 'drizzle-orm';

/** The rows beyond a place in a list that is ordered by `column` and, between equals, by `id`. */
export function afterKey(
  column: AnyColumn,
  id: AnyColumn,
  after: { value: string | number | Placeholder; id: string | number | Placeholder },
  descending: boolean,
): SQL | undefined {
  const beyond = descending ? lt : gt;
  if (column === id) return beyond(id, after.id);
  return or(beyond(column, after.value), and(eq(column, after.value), beyond(id, after.id)));
}

/**
 * The rows that were what we knew at a moment: recorded by then, and not yet followed by another. `at` null is now.
 * A row that was followed within the same millisecond was never what we knew.
 */
export function isKnown(from: AnyColumn, until: AnyColumn, at: string | null): SQL | undefined {
  if (at === null) return isNull(until);
  return and(lte(from, at), or(isNull(until), gt(until, at)));
}
