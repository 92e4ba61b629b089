/** Where a thing was said, so that a figure can be traced to its sentence. */
export interface Citation {
  title: string | null;
  url: string | null;
  quote: string | null;
}

/** The citation with what was left out filled in. */
export function wholeCitation(said: Partial<Citation> | null | undefined): Citation | null {
  return said ? { title: said.title ?? null, url: said.url ?? null, quote: said.quote ?? null } : null;
}
