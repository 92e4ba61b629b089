import { type AnyColumn, and, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Columns, Engine, SoughtTerm } from './columns.ts';

/**
 * A thing's words as they are searched: one text, compatibility forms folded and lower case, so that a search
 * means the same on every engine.
 */
export function searchText(words: readonly (string | null | undefined)[]): string {
  return words.flatMap((word) => (word ? [folded(word)] : [])).join('\n');
}

/** The patterns, one for each word of `q`, that a text which contains every word is like. */
export function patternsOf(q: string): string[] {
  return wordsOf(q).map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

/** The rows whose `searchText` column is like all of the {@link patternsOf} a search. */
export function containing(column: AnyColumn, patterns: readonly (string | Placeholder)[]): SQL | undefined {
  return and(...patterns.map((pattern) => sql`${column} like ${pattern} escape '\\'`));
}

/**
 * The terms of things, by which those that may contain a word are found without looking at all of them. A migration puts
 * each engine's own index on it, `<name>_index`: drizzle-kit knows neither of them.
 */
export function searchTable(c: Columns, name: string) {
  return c.table(
    name,
    {
      sequence: c.sequence('sequence'),
      subjectId: c.text('subject_id').notNull(),
      /** The {@link searchTerms} of the thing's search text. */
      terms: c.text('terms').notNull(),
    },
    (t) => [c.uniqueIndex(`${name}_subject`).on(t.subjectId)],
  );
}

export type SearchTable = ReturnType<typeof searchTable>;

/**
 * What is asked of a {@link SearchTable} by `engine.search.found`: it finds all the things that contain every word of `q`,
 * and a few more, so {@link containing} still has to be asked of them. Null where nothing of `q` makes a term.
 */
export function searchQuery(engine: Engine, q: string): string | null {
  const terms = soughtTerms(q);
  return terms.length === 0 ? null : engine.search.query(terms);
}

// Chinese is written without spaces: a term is each pair of characters that stand side by side. Any other word has a
// term for each of its endings, itself among them: a part of a word is the start of one of its endings.
const runs =
  /(?<paired>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+)|(?<word>(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+)/gu;

/** Of a longer word, further letters are in no term. */
const longestTerm = 24;

/** The terms of a search text, each once, with a space between them. */
export function searchTerms(text: string): string {
  const terms = new Set<string>();
  for (const { groups, 0: run } of text.matchAll(runs)) {
    const letters = [...run];
    const length = groups?.paired === undefined ? longestTerm : 2;
    for (let from = 0; from < letters.length; from += 1) {
      terms.add(letters.slice(from, from + length).join(''));
    }
  }
  return [...terms].join(' ');
}

function soughtTerms(q: string): SoughtTerm[] {
  const terms = new Map<string, SoughtTerm>();
  const add = (text: string, isStart: boolean) => terms.set(`${text} ${isStart}`, { text, isStart });
  for (const word of wordsOf(q)) {
    for (const { groups, index, 0: run } of word.matchAll(runs)) {
      const letters = [...run];
      if (groups?.paired === undefined) {
        const isWhole = letters.length >= longestTerm || index + run.length < word.length;
        add(letters.slice(0, longestTerm).join(''), !isWhole);
      } else if (letters.length === 1) {
        add(run, true);
      } else {
        for (let from = 0; from + 1 < letters.length; from += 1)
          add(letters.slice(from, from + 2).join(''), false);
      }
    }
  }
  const sought = [...terms.values()];
  const isHandy = ({ text, isStart }: SoughtTerm) => !isStart || handyStarts.includes([...text].length);
  return sought.some(isHandy) ? sought.filter(isHandy) : sought;
}

/** What begins with so many letters has an index of its own; any other start is put together of all the terms it has. */
const handyStarts = [2, 3];

function wordsOf(q: string): string[] {
  return folded(q)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
