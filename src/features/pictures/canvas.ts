/**
 * What every picture has in common: a self-contained SVG document in which nothing is loaded and nothing runs, in the
 * reader's light or dark, with text that fits its room and is safe whatever it holds.
 */

export type PictureLocale = 'zh' | 'en';

const languages: Record<PictureLocale, string> = { zh: 'zh-CN', en: 'en' };

/** Text on paper has a contrast of at least 4.5 in both, and what is drawn on it one of at least 3. */
export const light = {
  paper: '#ffffff',
  ink: '#1f2328',
  quiet: '#57606a',
  track: '#eef1f4',
  band: '#e3edf8',
  solid: '#0b5cad',
};
export const dark: typeof light = {
  paper: '#0d1117',
  ink: '#e6edf3',
  quiet: '#9aa4af',
  track: '#21262d',
  band: '#14233a',
  solid: '#4493f8',
};

export interface Picture {
  /** {@link pictureId} */
  id: string;
  width: number;
  height: number;
  locale: PictureLocale;
  /** The whole of it; what is drawn may be shortened. */
  title: string;
  /** What the picture says, in words. */
  description: string;
  /** Rules of the dark choice beyond the common ones, each for a class: `.late{stroke:#f85149}`. */
  darkRules?: readonly string[];
  body: string;
}

/** The document around a picture. Its text is the same for the same picture, so it may be cached and compared. */
export function pictureDocument(picture: Picture): string {
  const { id, width, height, locale, title, description, darkRules = [], body } = picture;
  return `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" width="${width}" height="${height}" \
viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc" \
lang="${languages[locale]}" \
font-family="system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif">
<title id="${id}-title">${escaped(title)}</title>
<desc id="${id}-desc">${escaped(description)}</desc>
<style>${darkStyle(id, darkRules)}</style>
${body}
</svg>
`;
}

/** The same for the same picture, and another for another: pictures that stand in one page must not share ids. */
export function pictureId(picture: unknown): string {
  return `jindu-${fingerprint(JSON.stringify(picture))}`;
}

/** Stripes: of what is possible but not vouched for, or grey of what nobody has told. */
export function hatchPattern(id: string, tone: 'solid' | 'quiet'): string {
  return `<pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="band" width="8" height="8" fill="${light.band}"/>
<rect class="${tone}" width="3" height="8" fill="${light[tone]}"/>
</pattern>`;
}

/** Colours stand on the shapes themselves, so that the picture holds where styles are forbidden. */
function darkStyle(id: string, more: readonly string[]): string {
  const fills = ['paper', 'ink', 'quiet', 'track', 'band', 'solid'] as const;
  const rules = [
    ...fills.map((name) => `.${name}{fill:${dark[name]}}`),
    `.edge{stroke:${dark.quiet}}`,
    `.halo{stroke:${dark.paper}}`,
    `.mark{stroke:${dark.ink}}`,
    ...more,
  ];
  return `@media screen and (prefers-color-scheme:dark){${rules.map((rule) => `#${id} ${rule}`).join('')}}`;
}

/** Pixels to two decimals. */
export function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

/** The text in one line, cut at a whole character and ended with … where it would not fit. */
export function fitted(text: string, pixels: number, size: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (pixelWidth(line, size) <= pixels) return line;
  let shown = '';
  for (const { segment } of graphemes.segment(line)) {
    if (pixelWidth(`${shown}${segment}…`, size) > pixels) break;
    shown += segment;
  }
  return `${shown.trimEnd()}…`;
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** An estimate on the wide side: fonts differ, and texts must not run into each other. */
export function pixelWidth(text: string, size: number): number {
  let ems = 0;
  for (const { segment } of graphemes.segment(text)) {
    ems += wide.test(segment) ? 1.05 : /[A-Z%@mw]/.test(segment) ? 0.8 : 0.64;
  }
  return ems * size;
}

/** Columns as in a terminal: 2 for a Chinese character or a full-width sign, 1 for others. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

/** Quotation marks, dashes and dots too: they are full-width in a Chinese font. */
const wide = new RegExp(
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Extended_Pictographic}' +
    '\\u3000-\\u303f\\uff01-\\uff60\\uffe0-\\uffe6‘’“”—…·]',
  'u',
);

/** The text as it may stand in an element or in an attribute of XML. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
