import type { Light } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import {
  type BarBox,
  type BarFigure,
  barMark,
  barSpans,
  boxAttributes,
  escaped,
  figureLabel,
  fitted,
  hatchPattern,
  light,
  type PictureLocale,
  pictureDocument,
  pictureId,
  pixelWidth,
  reach,
  rounded,
} from '../pictures/index.ts';
import { boardWords } from './board-words.ts';
import { lightDarkRules, lightSign, shownLights } from './light-sign.ts';

/** Figures are as they are shown: percents of at most two decimals, the gap in percentage points. */
export interface BoardRow extends BarFigure {
  title: string;
  /** The words of the report, if the figure is one that was typed. */
  stated: string | null;
  light: Light | null;
  /** Planned percent on the day; null without a plan. */
  planned: number | null;
  /** Achieved − planned. */
  gap: number | null;
  /** Days since the newest report; null if there never was one. */
  silentDays: number | null;
}

export interface Board {
  title: string;
  locale: PictureLocale;
  asOf: CalendarDate;
  /** How many of all the projects have which light. */
  counts: Record<Light | 'none', number>;
  /** All the projects, listed or not. */
  projects: number;
  /** The roll-up of all; `coverage` is 0 to 1. */
  whole: (BarFigure & { coverage: number }) | null;
  /** In the order in which they are to be read. */
  rows: readonly BoardRow[];
  /** Said below the title, such as that the data is illustrative. */
  note: string | null;
}

/** More rows than a page holds are counted and not drawn. */
export const boardRowsAtMost = 40;

/**
 * The portfolio as one self-contained SVG document, 920 wide, to paste into a report: no script, nothing loaded, safe
 * whatever the titles hold. Each row has its light (a shape and a colour), its bar with bounds drawn as bounds and a
 * pointer to what was planned, its figure and its gap; of what is silent, for how long instead. Rows beyond {@link
 * boardRowsAtMost} are counted. `<metadata>` holds the figures as a table. Light and dark follow the reader's choice,
 * print is light. One board always gives the same text, so it may be cached and compared.
 */
export function portfolioBoard(board: Board): string {
  const id = pictureId(board);
  const shown = board.rows.slice(0, boardRowsAtMost);
  const more = Math.max(board.projects, board.rows.length) - shown.length;
  const wholeHeight = board.whole === null ? 0 : rowHeight;
  const bodyTop = headingTop + 14 + wholeHeight;
  const bottom = bodyTop + rowHeight * Math.max(shown.length, 1);
  const height = bottom + (more > 0 ? 34 : 14);
  return pictureDocument({
    id,
    width,
    height,
    locale: board.locale,
    title: board.title,
    description: descriptionOf(board),
    darkRules: [`.line{stroke:#30363d}`, ...lightDarkRules],
    body: [
      `<metadata>${tableOf(board, shown)}</metadata>
<defs>
${hatchPattern(`${id}-hatch`, 'solid')}
${hatchPattern(`${id}-silence`, 'quiet')}
</defs>
<rect class="paper" width="${width}" height="${height}" rx="6" fill="${light.paper}"/>`,
      header(board),
      counts(board),
      headings(board),
      board.whole === null ? '' : wholeRow(board, board.whole, headingTop + 14, id),
      ...shown.map((row, index) => projectRow(board, row, bodyTop + index * rowHeight, id)),
      shown.length > 0 ? '' : quietText(boardWords[board.locale].nothing, columns.title, bodyTop + 22),
      more > 0 ? quietText(boardWords[board.locale].more(more), columns.title, bottom + 16) : '',
    ]
      .filter(Boolean)
      .join('\n'),
  });
}

const width = 920;
const columns = { sign: 30, title: 50, bar: 322, label: 536, right: 900 };
const titleRoom = columns.bar - columns.title - 16;
const barWidth = 200;
const labelRoom = 214;
const gapRoom = columns.right - columns.label - labelRoom - 8;
const headingTop = 122;
const rowHeight = 34;
const titleSize = 20;
const textSize = 13;
const rowSize = 14;

function header({ title, locale, asOf, projects, note }: Board): string {
  const said = boardWords[locale];
  const caption = [said.asOf(asOf), said.projects(projects), note ?? ''].filter(Boolean).join(' · ');
  const room = columns.right - 20;
  return `<text class="ink" x="20" y="35" font-size="${titleSize}" font-weight="600" fill="${light.ink}">\
${escaped(fitted(title, room, titleSize))}</text>
${quietText(fitted(caption, room, textSize), 20, 57)}`;
}

/** How many have which light, in one line. */
function counts({ locale, counts: countOf }: Board): string {
  let x = 20;
  const items = shownLights.map((shown) => {
    const text = `${boardWords[locale].lights[shown]} ${countOf[shown]}`;
    const item = `${lightSign(shown, rounded(x + 8), 80)}
<text class="ink" x="${rounded(x + 22)}" y="85" font-size="${rowSize}" fill="${light.ink}">${escaped(text)}</text>`;
    x += 22 + pixelWidth(text, rowSize) + 20;
    return item;
  });
  return items.join('\n');
}

function headings({ locale, rows }: Board): string {
  const said = boardWords[locale];
  const pointer = rows.some(({ planned }) => planned !== null)
    ? `${plannedPointer(columns.bar + pixelWidth(said.progress, textSize) + 16, headingTop - 10)}
${quietText(said.planned, columns.bar + pixelWidth(said.progress, textSize) + 26, headingTop)}`
    : '';
  return [
    quietText(said.project, columns.title, headingTop),
    quietText(said.progress, columns.bar, headingTop),
    pointer,
    quietText(said.gap, columns.right, headingTop, 'end'),
    line(headingTop + 10),
  ]
    .filter(Boolean)
    .join('\n');
}

function wholeRow(
  { locale }: Board,
  whole: BarFigure & { coverage: number },
  top: number,
  id: string,
): string {
  const said = boardWords[locale];
  const covered = whole.coverage >= 1 ? '' : said.covers(rounded(whole.coverage * 100));
  return `${rowText(said.whole, columns.title, top, 700)}
${bar(whole, null, top, id)}
${figureText(figureLabel(whole, null, locale), top, 700)}
${quietText(covered, columns.right, top + 22, 'end')}
${line(top + rowHeight - 0.5)}`;
}

function projectRow({ locale }: Board, row: BoardRow, top: number, id: string): string {
  const said = boardWords[locale];
  const shown = row.light ?? 'none';
  const label = labelOf(row, locale);
  const comparison = comparisonOf(row, locale);
  return `<g><title>${escaped([row.title, said.lights[shown], label, comparison].filter(Boolean).join(said.separator))}</title>
${lightSign(shown, columns.sign, top + 17)}
${rowText(fitted(row.title, titleRoom, rowSize), columns.title, top, 400)}
${bar(row, row.planned, top, id)}
${figureText(label, top, 600)}
${quietText(fitted(comparison, gapRoom, textSize), columns.right, top + 22, 'end')}
</g>`;
}

function bar(figure: BarFigure, planned: number | null, top: number, id: string): string {
  const box: BarBox = { left: columns.bar, top: top + 10, width: barWidth, thickness: 14 };
  const pointer = planned === null ? '' : plannedPointer(reach(planned, box), box.top + box.thickness + 1);
  return [
    `<rect class="track" ${boxAttributes(box)} fill="${light.track}"/>`,
    barSpans(figure, box, `${id}-${figure.percent === null ? 'silence' : 'hatch'}`),
    `<rect class="edge" ${boxAttributes(box)} fill="none" stroke="${light.quiet}"/>`,
    barMark(figure, box, 3),
    pointer,
  ]
    .filter(Boolean)
    .join('\n');
}

function plannedPointer(x: number, top: number): string {
  return `<path class="quiet" d="M${rounded(x)} ${top}l5 7h-10z" fill="${light.quiet}"/>`;
}

/** As it was said, where there is room for it. */
function labelOf(row: BoardRow, locale: PictureLocale): string {
  const said = figureLabel(row, row.stated, locale);
  return pixelWidth(said, rowSize) <= labelRoom ? said : figureLabel(row, null, locale);
}

/** How long it is silent, if it is; else how far from its plan, of a bound at least or at most; else nothing. */
function comparisonOf(row: BoardRow, locale: PictureLocale): string {
  const { light: colour, percent, low, high, gap, silentDays } = row;
  const said = boardWords[locale];
  if (colour === 'grey') return silentDays === null ? said.neverReported : said.silent(silentDays);
  if (gap === null) return '';
  const shown = gap > 0 ? `+${gap}` : gap < 0 ? `−${-gap}` : '0';
  if (low === high) return shown;
  return percent === low ? `≥ ${shown}` : percent === high ? `≤ ${shown}` : shown;
}

function rowText(text: string, x: number, top: number, weight: number): string {
  return `<text class="ink" x="${x}" y="${top + 22}" font-size="${rowSize}" font-weight="${weight}" \
fill="${light.ink}">${escaped(text)}</text>`;
}

function figureText(text: string, top: number, weight: number): string {
  return rowText(fitted(text, labelRoom, rowSize), columns.label, top, weight);
}

function quietText(text: string, x: number, y: number, anchor: 'start' | 'end' = 'start'): string {
  if (text === '') return '';
  return `<text class="quiet" x="${rounded(x)}" y="${y}" font-size="${textSize}" fill="${light.quiet}" \
text-anchor="${anchor}">${escaped(text)}</text>`;
}

function line(y: number): string {
  return `<path class="line" d="M20 ${y}H${columns.right}" stroke="#d0d7de"/>`;
}

function descriptionOf({ locale, asOf, projects, counts: countOf, whole, note }: Board): string {
  const said = boardWords[locale];
  const lights = shownLights.map((shown) => `${said.lights[shown]} ${countOf[shown]}`);
  const sentences = [
    [said.asOf(asOf), said.projects(projects), ...lights].join(said.separator),
    whole === null ? '' : `${said.whole} ${figureLabel(whole, null, locale)}`,
    note ?? '',
  ];
  return sentences.filter(Boolean).join(said.stop);
}

/** The figures, a row for each project, as XML; what is unknown is left out. */
function tableOf({ asOf, projects }: Board, rows: readonly BoardRow[]): string {
  const cells = rows.map((row) => {
    const { title, light: colour, percent, low, high, qualifier, stated, planned, gap, silentDays } = row;
    const facts = { title, light: colour, percent, low, high, qualifier, stated, planned, gap, silentDays };
    const told = Object.entries(facts).filter(([, value]) => value !== null);
    return `<row${told.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('')}/>`;
  });
  return `<figures xmlns="urn:jindu:figures" asOf="${asOf}" projects="${projects}">
${cells.join('\n')}
</figures>`;
}
