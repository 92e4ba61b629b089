import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import { dark, escaped, fitted, light, pixelWidth, rounded, type TimeAxis } from '../pictures/index.ts';
import { type ActualPoint, type Curve, type CurveMilestone, isAssumed, isOverdue } from './curve.ts';
import { milestoneSaying } from './s-curve-words.ts';

export const plot = { left: 56, right: 760, top: 104, bottom: 360 };

/** What is late stands out by its colour and by a sign in it. */
const late = { light: '#b42318', dark: '#ff7b72' };

export const curveDarkRules = [
  `.grid{stroke:${dark.track}}`,
  `.plan{stroke:${dark.quiet}}`,
  `.actual{stroke:${dark.solid}}`,
  `.late{stroke:${late.dark}}`,
  `.alarm{fill:${late.dark}}`,
];

const tickSize = 12;

export function y(percent: number): number {
  return rounded(plot.bottom - (percent / 100) * (plot.bottom - plot.top));
}

/** Lines at every 20 % and at the marks of the axis. */
export function grid(axis: TimeAxis): string {
  const levels = [0, 20, 40, 60, 80, 100].map(
    (percent) => `<path class="grid" d="M${plot.left} ${y(percent)}H${plot.right}" stroke="${light.track}"/>
<text class="quiet" x="${plot.left - 8}" y="${y(percent) + 4}" font-size="${tickSize}" fill="${light.quiet}" \
text-anchor="end">${percent}%</text>`,
  );
  const days = axis.ticks.map(
    ({
      date,
      label,
    }) => `<path class="grid" d="M${axis.x(date)} ${plot.top}V${plot.bottom}" stroke="${light.track}"/>
<path class="edge" d="M${axis.x(date)} ${plot.bottom}v4" stroke="${light.quiet}"/>
<text class="quiet" x="${axis.x(date)}" y="${plot.bottom + 19}" font-size="${tickSize}" fill="${light.quiet}" \
text-anchor="middle">${label}</text>`,
  );
  const base = `<path class="edge" d="M${plot.left} ${plot.bottom}H${plot.right}" stroke="${light.quiet}"/>`;
  return [...levels, ...days, base].join('\n');
}

export function asOfLine({ asOf }: Curve, axis: TimeAxis): string {
  const x = axis.x(asOf);
  const middle = Math.min(Math.max(x, plot.left + 20), plot.right - 4);
  return `<path class="mark" d="M${x} ${plot.top - 4}V${plot.bottom}" stroke="${light.ink}" stroke-width="1" \
stroke-dasharray="1 3" stroke-linecap="round"/>
<text class="ink" x="${middle}" y="${plot.top - 9}" font-size="${tickSize}" fill="${light.ink}" \
text-anchor="middle">${asOf}</text>`;
}

export function plannedLine(curve: Curve, axis: TimeAxis): string {
  const { planned } = curve;
  const [first] = planned;
  if (!first) return '';
  const dashes = isAssumed(curve) ? ' stroke-dasharray="1 5" stroke-linecap="round"' : '';
  const points = planned.map(({ date, percent }) => `${axis.x(date)} ${y(percent)}`);
  const ending = planned.length === 1 ? 'h.01' : '';
  return `<path class="plan" d="M${points.join('L')}${ending}" fill="none" stroke="${light.quiet}" \
stroke-width="${planned.length === 1 ? 6 : 2}" stroke-linejoin="round"${dashes}/>`;
}

/** Between two points lies the band between their bounds: of what nobody knows where either is unknown. */
export function bands({ actual }: Curve, axis: TimeAxis, id: string): string {
  const runs: { isKnown: boolean; points: ActualPoint[] }[] = [];
  for (const [index, to] of actual.entries()) {
    const from = actual[index - 1];
    if (!from || (from.low === from.high && to.low === to.high)) continue;
    const isKnown = from.percent !== null && to.percent !== null;
    const run = runs.at(-1);
    if (run?.isKnown === isKnown && run.points.at(-1) === from) run.points.push(to);
    else runs.push({ isKnown, points: [from, to] });
  }
  const bandsOf = runs.map(({ isKnown, points }) => {
    const tops = points.map(({ date, high }) => `${axis.x(date)} ${y(high)}`);
    const bottoms = points.toReversed().map(({ date, low }) => `${axis.x(date)} ${y(low)}`);
    const fill = `url(#${id}-${isKnown ? 'hatch' : 'silence'})`;
    return `<path d="M${[...tops, ...bottoms].join('L')}z" fill="${fill}" fill-opacity="${isKnown ? 0.6 : 0.4}"/>`;
  });
  return bandsOf.join('\n');
}

/** A line through all that are known; a day of which only bounds are known breaks it. */
export function actualLine({ actual }: Curve, axis: TimeAxis): string {
  let path = '';
  let isOpen = false;
  for (const { date, percent } of actual) {
    if (percent !== null) path += `${isOpen ? 'L' : 'M'}${axis.x(date)} ${y(percent)}`;
    isOpen = percent !== null;
  }
  if (path === '') return '';
  return `<path class="actual" d="${path}" fill="none" stroke="${light.solid}" stroke-width="2.5" \
stroke-linejoin="round"/>`;
}

/** More points than this are a line without dots, and their bounds a band without bars. */
const dotsAtMost = 40;

/**
 * Dots, hollow where it was said "about", with a bar from bound to bound; the last one always. A point alone has no
 * band beside it, so its bar is hatched.
 */
export function actualDots({ actual }: Curve, axis: TimeAxis, id: string): string {
  const dotted = actual.length > dotsAtMost ? actual.slice(-1) : actual;
  const dots = dotted.map(({ date, percent, low, high, qualifier }) => {
    const x = axis.x(date);
    const [tone, colour, pattern] =
      percent === null ? ['edge', light.quiet, 'silence'] : ['actual', light.solid, 'hatch'];
    const bar = `<path class="${tone}" d="M${rounded(x - 5)} ${y(low)}h10m-5 0V${y(high)}m-5 0h10" fill="none" \
stroke="${colour}" stroke-width="1.5"/>`;
    const hatched = `<rect x="${rounded(x - 5)}" y="${y(high)}" width="10" height="${rounded(y(low) - y(high))}" \
fill="url(#${id}-${pattern})" fill-opacity="0.6"/>`;
    const [filling, fill] = qualifier === 'about' ? ['paper', light.paper] : ['solid', light.solid];
    const dot = `<circle class="actual ${filling}" cx="${x}" cy="${y(percent ?? 0)}" r="4" fill="${fill}" \
stroke="${light.solid}" stroke-width="2"/>`;
    const bounds = low < high ? [actual.length === 1 ? hatched : '', bar] : [];
    return [...bounds, percent === null ? '' : dot].filter(Boolean).join('\n');
  });
  return dots.filter(Boolean).join('\n');
}

/** Whether there is more than one day on which it may finish. */
export function hasForecastRange({ actual, forecast, finish }: Curve): boolean {
  return (
    actual.length > 0 && forecast.length > 0 && finish?.earliest != null && finish.earliest !== finish.latest
  );
}

/** What lies between the earliest and the latest finish; open to the right if nobody can say the latest. */
export function forecastRange(curve: Curve, axis: TimeAxis): string {
  const { actual, forecast, finish } = curve;
  const [from, last] = [forecast[0], actual.at(-1)];
  if (!hasForecastRange(curve) || !from || !last || finish?.earliest == null) return '';
  const x = axis.x(from.date);
  const far = finish.latest === null ? `H${plot.right + 9}V${y(last.low)}` : `H${axis.x(finish.latest)}`;
  return `<path ${rangeLook} d="M${x} ${y(last.high)}L${axis.x(finish.earliest)} ${y(100)}${far}L${x} ${y(last.low)}z"/>`;
}

export const rangeLook = `class="band actual" fill="${light.band}" fill-opacity="0.8" stroke="${light.solid}" \
stroke-opacity="0.5" stroke-dasharray="2 4"`;

export function forecastLine({ forecast }: Curve, axis: TimeAxis): string {
  const last = forecast.at(-1);
  if (!last || forecast.length < 2) return '';
  const points = forecast.map(({ date, percent }) => `${axis.x(date)} ${y(percent)}`);
  return `<path class="actual" d="M${points.join('L')}" fill="none" stroke="${light.solid}" stroke-width="2" \
stroke-dasharray="7 5"/>
<circle class="actual paper" cx="${axis.x(last.date)}" cy="${y(last.percent)}" r="4" fill="${light.paper}" \
stroke="${light.solid}" stroke-width="2"/>`;
}

/** An arrow where the forecast leaves the picture, with the day to which it leads. */
export function forecastBeyond({ forecast }: Curve, axis: TimeAxis): string {
  const last = forecast.at(-1);
  if (!last || last.date <= axis.end) return '';
  const index = forecast.findIndex((point) => point.date > axis.end);
  const [from, to] = [forecast[index - 1], forecast[index]];
  if (!from || !to) return '';
  const share = daysBetween(from.date, axis.end) / daysBetween(from.date, to.date);
  const level = y(from.percent + (to.percent - from.percent) * share);
  return `<path class="solid" d="M${plot.right + 2} ${level - 6}l10 6l-10 6z" fill="${light.solid}"/>
<text class="ink" x="${plot.right - 2}" y="${Math.max(level - 10, plot.top + 12)}" font-size="${tickSize}" \
fill="${light.ink}" text-anchor="end">${last.percent}% ${last.date}</text>`;
}

const markSize = 11;

/** Diamonds below the axis, full when met; a line leads from the day due to the later day on which it was met. */
export function milestoneLane(
  curve: Curve,
  milestones: readonly CurveMilestone[],
  axis: TimeAxis,
  top: number,
): string {
  const placed = milestones
    .map((milestone) => ({ milestone, date: milestone.dateMet ?? milestone.dueDate ?? curve.asOf }))
    .sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0))
    .map(({ milestone, date }) => ({ milestone, date, x: edged(axis.x(date)) }));
  const xs = placed.map(({ x }) => x);
  const rows = placed.some(({ milestone }, index) => roomAt(xs, index, 1) < labelWidth(milestone)) ? 2 : 1;
  const groups = placed.map(({ milestone, date, x }, index) => {
    const room = roomAt(xs, index, rows);
    const label = room < 28 ? '' : fitted(milestone.title, room, markSize);
    const text = `<text class="quiet" x="${x}" y="${top + 20 + 14 * (index % rows)}" font-size="${markSize}" \
fill="${light.quiet}" text-anchor="middle">${escaped(label)}</text>`;
    return `<g><title>${escaped(milestoneSaying(curve, milestone))}</title>
${[slip(milestone, axis, top), sign(curve, milestone, date, axis, x, top), label && text].filter(Boolean).join('\n')}</g>`;
  });
  return [
    `<path class="grid" d="M${plot.left} ${top}H${plot.right}" stroke="${light.track}"/>`,
    ...groups,
  ].join('\n');
}

function labelWidth({ title }: CurveMilestone): number {
  return Math.min(pixelWidth(title, markSize), 150);
}

/** How wide the label of a mark may be, if every `rows`-th is in its row. */
function roomAt(xs: readonly number[], index: number, rows: number): number {
  const x = xs[index] ?? 0;
  const before = x - (xs[index - rows] ?? 2 * plot.left - x - 80);
  const after = (xs[index + rows] ?? 2 * plot.right - x + 70) - x;
  return Math.min(before - 6, after - 6, 2 * (x - 6), 2 * (794 - x), 150);
}

/** What is off the picture stands at its edge. */
function edged(x: number): number {
  return Math.min(Math.max(x, plot.left), plot.right);
}

export function diamond(x: number, middle: number, size: number): string {
  return `M${x} ${middle - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`;
}

function slip({ dueDate, dateMet }: CurveMilestone, axis: TimeAxis, top: number): string {
  if (dueDate === null || dateMet === null || dueDate === dateMet) return '';
  const [from, to] = [edged(axis.x(dueDate)), edged(axis.x(dateMet))];
  return `<path class="edge" d="M${from} ${top}H${to}" stroke="${light.quiet}" stroke-width="1.5"/>
<path class="paper edge" d="${diamond(from, top, 4)}" fill="${light.paper}" stroke="${light.quiet}"/>`;
}

function sign(
  curve: Curve,
  milestone: CurveMilestone,
  date: CalendarDate,
  axis: TimeAxis,
  x: number,
  top: number,
): string {
  if (date > axis.end || date < axis.start) {
    const turn = date > axis.end ? 1 : -1;
    return `<path class="paper mark" d="M${x} ${top - 6}l${7 * turn} 6l${-7 * turn} 6z" fill="${light.paper}" \
stroke="${light.ink}" stroke-width="1.5"/>`;
  }
  if (milestone.dateMet !== null) return `<path class="ink" d="${diamond(x, top, 7)}" fill="${light.ink}"/>`;
  return isOverdue(milestone, curve.asOf) ? overdueSign(x, top) : dueSign(x, top);
}

export function dueSign(x: number, middle: number): string {
  return `<path class="paper mark" d="${diamond(x, middle, 7)}" fill="${light.paper}" stroke="${light.ink}" \
stroke-width="1.5"/>`;
}

export function overdueSign(x: number, middle: number): string {
  return `<path class="paper late" d="${diamond(x, middle, 8)}" fill="${light.paper}" stroke="${late.light}" \
stroke-width="1.5"/>
<text class="alarm" x="${x}" y="${middle + 4}" font-size="11" font-weight="700" fill="${late.light}" \
text-anchor="middle">!</text>`;
}
