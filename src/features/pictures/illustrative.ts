import type { PictureLocale } from './canvas.ts';

/** The tag of a project that has made-up data, to show what would be seen. */
export const illustrativeTag = 'illustrative';

const words: Record<PictureLocale, string> = {
  zh: '含示例数据，并非公布',
  en: 'illustrative data, not published',
};

/** What a picture says where anything in it is made up, by the tags of what it shows; null where nothing is. */
export function illustrativeNote(tags: readonly string[], locale: PictureLocale): string | null {
  return tags.includes(illustrativeTag) ? words[locale] : null;
}
