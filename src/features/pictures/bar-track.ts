/**
 * One figure as a bar and in words: a bound is drawn and said as a bound, silence as silence.
 */
import type { ComputedQualifier } from '../../formulas/effective-progress.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';
import { displayWidth, light, type PictureLocale, rounded } from './canvas.ts';

/** Percents as they are shown, 0 to 100, at most two decimals; `percent` null if nothing is known. */
export interface BarFigure {
  percent: number | null;
  low: number;
  high: number;
  qualifier: Qualifier | ComputedQualifier;
}

/** Where the track of a bar lies. */
export interface BarBox {
  left: number;
  top: number;
  width: number;
  thickness: number;
}

export function boxAttributes({ left, top, width, thickness }: BarBox): string {
  return `x="${left}" y="${top}" width="${width}" height="${thickness}"`;
}

/**
 * Solid up to `low`, hatched from `low` to `high`; what is unknown is hatched from end to end.
 * @param hatchId the pattern: `solid` stripes, or `quiet` ones where nothing is known
 */
export function barSpans({ low, high }: BarFigure, box: BarBox, hatchId: string): string {
  const [from, to] = [reach(low, box), reach(high, box)];
  const frame = `y="${box.top}" height="${box.thickness}"`;
  const solidWidth = rounded(from - box.left);
  const known = `<rect class="solid" x="${box.left}" ${frame} width="${solidWidth}" fill="${light.solid}"/>`;
  const open = `<rect x="${from}" ${frame} width="${rounded(to - from)}" fill="url(#${hatchId})"/>`;
  return [from > box.left ? known : '', to > from ? open : ''].filter(Boolean).join('\n');
}

/**
 * A line across the bar at the figure, dashed if it is "about"; none if nothing is known. The halo keeps it apart from
 * what it crosses.
 * @param below how far the line reaches below the bar
 */
export function barMark({ percent, qualifier }: BarFigure, box: BarBox, below: number): string {
  if (percent === null) return '';
  const x = reach(percent, box);
  const line = `d="M${x} ${box.top - 2}V${box.top + box.thickness + below}"`;
  const dashes = qualifier === 'about' ? ' stroke-dasharray="4 3"' : '';
  return `<path class="halo" ${line} stroke="${light.paper}" stroke-width="6"/>
<path class="mark" ${line} stroke="${light.ink}" stroke-width="2.5"${dashes}/>`;
}

/** Where a percent stands on the track. Only 0 and 100 touch the ends. */
export function reach(percent: number, { left, width }: BarBox): number {
  if (percent <= 0) return left;
  if (percent >= 100) return left + width;
  const gap = 2;
  return rounded(left + Math.min(Math.max((percent / 100) * width, gap), width - gap));
}

/**
 * The figure in words: as it was said, where that is short and in the reader's script, otherwise said anew.
 * @param stated the words of the report, if the figure is one that was typed
 */
export function figureLabel(figure: BarFigure, stated: string | null, locale: PictureLocale): string {
  const { percent, low, high, qualifier } = figure;
  if (percent === null) return unknown[locale];
  const said = stated?.trim() ?? '';
  const isReadable = locale === 'zh' || /^[ -~≤≥≈]*$/.test(said);
  if (said !== '' && isReadable && displayWidth(said) <= 24) return said;
  const span = locale === 'zh' ? `${low}%～${high}%` : `${low}–${high}%`;
  return labels[locale][qualifier](`${percent}%`, span);
}

const unknown: Record<PictureLocale, string> = { zh: '暂无报告', en: 'not yet reported' };

const labels: Record<
  PictureLocale,
  Record<Qualifier | ComputedQualifier, (percent: string, span: string) => string>
> = {
  zh: {
    exact: (percent) => percent,
    atLeast: (percent) => `${percent}以上`,
    moreThan: (percent) => `超${percent}`,
    atMost: (percent) => `不超过${percent}`,
    lessThan: (percent) => `不足${percent}`,
    nearly: (percent) => `近${percent}`,
    about: (percent) => `约${percent}`,
    between: (percent, span) => `${percent}（${span}）`,
  },
  en: {
    exact: (percent) => percent,
    atLeast: (percent) => `at least ${percent}`,
    moreThan: (percent) => `over ${percent}`,
    atMost: (percent) => `at most ${percent}`,
    lessThan: (percent) => `under ${percent}`,
    nearly: (percent) => `nearly ${percent}`,
    about: (percent) => `about ${percent}`,
    between: (percent, span) => `${percent} (${span})`,
  },
};
