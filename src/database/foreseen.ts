import type { Foreseen } from './unit.ts';

/** What these works have foreseen: the ids of each kind, by how they are looked up. */
export function foreseenBy(
  works: readonly { readonly foreseen: Foreseen | undefined }[],
): ReadonlyMap<Foreseen['lookUp'], ReadonlySet<string>> {
  const ids = new Map<Foreseen['lookUp'], Set<string>>();
  for (const { foreseen } of works) {
    if (foreseen === undefined) continue;
    const { lookUp, id } = foreseen;
    const known = ids.get(lookUp);
    if (known === undefined) ids.set(lookUp, new Set([id]));
    else known.add(id);
  }
  return ids;
}
