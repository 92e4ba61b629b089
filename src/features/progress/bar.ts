/**
 * A progress bar as a picture that says no more than is known: a bound is drawn as a bound, silence as
 * silence.
 */
import type { SourceName } from '../../formulas/effective-progress.ts';
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

export type BarLocale = PictureLocale;

export interface ProgressBar extends BarFigure {
  title: string;
  /** The words of the report, if the figure is one that was typed. */
  stated: string | null;
  asOf: CalendarDate | null;
  locale: BarLocale;
  basis: SourceName | null;
  /** Share of the weight that the figure speaks for, 0 to 1; null if that is no question. */
  coverage: number | null;
  /** Percentage points between two sources that disagree; null where all agree. */
  disagreement: number | null;
}

/**
 * The bar as a self-contained SVG document, 640 × 96: no script, nothing loaded, safe whatever the title
 * holds. Solid up to `low`, hatched from `low` to `high`, a mark at `percent` (dashed if it is "about"). What
 * is unknown is hatched grey from end to end and has no mark. Below 100 the bar never reaches the end. The
 * title is shortened to fit; `<title>` has the whole of it and `<desc>` says the figure in words. Light and
 * dark follow the reader's choice, print is light. One bar always gives the same text, so it may be cached
 * and compared.
 */
export function progressBar(bar: ProgressBar): string {
  const id = pictureId(bar);
  const label = figureLabel(bar, bar.basis === 'report' ? bar.stated : null, bar.locale);
  const titleRoom = track.width - pixelWidth(label, labelSize) - 16;
  return pictureDocument({
    id,
    width,
    height,
    locale: bar.locale,
    title: bar.title,
    description: descriptionOf(bar, label),
    body: `<defs>
<clipPath id="${id}-track"><rect ${trackBox} rx="4"/></clipPath>
<clipPath id="${id}-room"><rect x="${track.left}" y="0" width="${rounded(titleRoom)}" height="${track.top}"/></clipPath>
${hatchPattern(`${id}-hatch`, bar.percent === null ? 'quiet' : 'solid')}
</defs>
<rect class="paper" width="${width}" height="${height}" rx="6" fill="${light.paper}"/>
<text class="ink" x="${track.left}" y="29" font-size="${titleSize}" font-weight="600" fill="${light.ink}" \
clip-path="url(#${id}-room)">${escaped(fitted(bar.title, titleRoom, titleSize))}</text>
<text class="ink" x="${track.left + track.width}" y="29" font-size="${labelSize}" font-weight="700" \
fill="${light.ink}" text-anchor="end">${escaped(label)}</text>
<g clip-path="url(#${id}-track)">
<rect class="track" ${trackBox} fill="${light.track}"/>
${barSpans(bar, track, `${id}-hatch`)}
</g>
<rect class="edge" ${trackBox} rx="4" fill="none" stroke="${light.quiet}"/>
${mark(bar)}
<text class="quiet" x="${track.left}" y="84" font-size="13" fill="${light.quiet}">${escaped(captionOf(bar))}</text>`,
  });
}

const width = 640;
const height = 96;
const track: BarBox = { left: 16, top: 44, width: width - 2 * 16, thickness: 20 };
const trackBox = boxAttributes(track);
const titleSize = 16;
const labelSize = 18;

/** A line across the bar with a head above it. */
function mark(bar: ProgressBar): string {
  if (bar.percent === null) return '';
  return `${barMark(bar, track, 5)}
<path class="ink" d="M${rounded(reach(bar.percent, track) - 5)} ${track.top - 7}h10l-5 6z" fill="${light.ink}"/>`;
}

const words = {
  zh: {
    progress: '进度：',
    asOf: '截至',
    covered: '覆盖',
    stop: '。',
    disagreement: (points: string) => `各来源相差 ${points} 个百分点`,
    report: '依据本级填报',
    children: '依据下级汇总',
    milestones: '依据里程碑',
    quantities: '依据工程量',
  },
  en: {
    progress: 'Progress: ',
    asOf: 'as of ',
    covered: 'covers ',
    stop: '; ',
    disagreement: (points: string) => `sources disagree by ${points} points`,
    report: 'from its own report',
    children: 'from its parts',
    milestones: 'from milestones',
    quantities: 'from quantities',
  },
} as const;

function captionOf({ asOf, basis, coverage, disagreement, locale }: ProgressBar): string {
  const said = words[locale];
  const facts = [
    asOf === null ? '' : `${said.asOf}${asOf}`,
    basis === null ? '' : said[basis],
    coverage === null || coverage >= 1 || basis === null ? '' : `${said.covered}${rounded(coverage * 100)}%`,
    disagreement === null ? '' : said.disagreement(`${rounded(disagreement)}`),
  ];
  return facts.filter(Boolean).join(' · ');
}

function descriptionOf(bar: ProgressBar, label: string): string {
  const { progress, stop } = words[bar.locale];
  return `${progress}${label}${stop}${captionOf(bar)}`.trim();
}
