import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import {
  escaped,
  fitted,
  hatchPattern,
  light,
  pictureDocument,
  pictureId,
  pixelWidth,
  rounded,
  shifted,
  type TimeAxis,
  timeAxis,
} from '../pictures/index.ts';
import { type Curve, daysOf, isAssumed, isOverdue } from './curve.ts';
import {
  actualDots,
  actualLine,
  asOfLine,
  bands,
  curveDarkRules,
  diamond,
  dueSign,
  forecastBeyond,
  forecastLine,
  forecastRange,
  grid,
  hasForecastRange,
  milestoneLane,
  overdueSign,
  plannedLine,
  plot,
  rangeLook,
} from './s-curve-lines.ts';
import { captionOf, descriptionOf, finishSaying, standingLabel, tableOf, wordsOf } from './s-curve-words.ts';

/**
 * The S-curve as a self-contained SVG document, 800 wide: no script, nothing loaded, safe whatever the titles hold.
 * The plan is a grey line (dotted if it is assumed), the actual curve a blue one with its bounds hatched around it,
 * the forecast dashed; milestones stand below as diamonds, full when met. What only bounds are known of has no line.
 * A forecast or a milestone that lies too far off to be drawn to scale ends at the edge with an arrow. Without data
 * it says so. `<title>` has the whole title, `<desc>` says in words what is to be seen, and `<metadata>` holds the
 * figures as a table. Light and dark follow the reader's choice, print is light. One curve always gives the same
 * text, so it may be cached and compared.
 */
export function sCurve(curve: Curve): string {
  const id = pictureId(curve);
  const axis = axisOf(curve);
  const dated = curve.milestones.filter((milestone) => daysOf(milestone).length > 0);
  const laneTop = plot.bottom + 42;
  const legendTop = dated.length > 0 ? laneTop + 52 : laneTop + 2;
  const { drawing: legend, rows } = legendOf(curve, id, legendTop);
  const height = legendTop + 22 * rows;
  return pictureDocument({
    id,
    width,
    height,
    locale: curve.locale,
    title: curve.title,
    description: descriptionOf(curve),
    darkRules: curveDarkRules,
    body: [
      `<metadata>${tableOf(curve)}</metadata>
<defs>
<clipPath id="${id}-plot"><rect x="${plot.left - 7}" y="${plot.top - 7}" width="${plot.right - plot.left + 14}" \
height="${plot.bottom - plot.top + 14}"/></clipPath>
${hatchPattern(`${id}-hatch`, 'solid')}
${hatchPattern(`${id}-silence`, 'quiet')}
</defs>
<rect class="paper" width="${width}" height="${height}" rx="6" fill="${light.paper}"/>`,
      header(curve),
      grid(axis),
      `<g clip-path="url(#${id}-plot)">`,
      forecastRange(curve, axis),
      bands(curve, axis, id),
      plannedLine(curve, axis),
      forecastLine(curve, axis),
      actualLine(curve, axis),
      actualDots(curve, axis, id),
      '</g>',
      asOfLine(curve, axis),
      forecastBeyond(curve, axis),
      nothingThere(curve),
      dated.length > 0 ? milestoneLane(curve, dated, axis, laneTop) : '',
      legend,
    ]
      .filter(Boolean)
      .join('\n'),
  });
}

const width = 800;
const left = 20;
const right = width - 20;
const titleSize = 18;
const textSize = 13;

/**
 * As wide as the plan, the reports and the day in question, and wider for forecasts and milestones, but by no more than
 * that width to either side: one date far off must not press all else together. Milestones alone are drawn as far as they
 * reach.
 */
function axisOf({ asOf, planned, actual, forecast, finish, milestones }: Curve): TimeAxis {
  const drawn = [...planned, ...actual].map(({ date }) => date);
  const inner = [asOf, ...(drawn.length > 0 ? drawn : milestones.flatMap(daysOf))].sort();
  const [start = asOf, end = asOf] = [inner[0], inner.at(-1)];
  const room = Math.max(daysBetween(start, end), 30);
  const [earliest, latest] = [shifted(start, -room), shifted(end, room)];
  const outer = [
    ...forecast.map(({ date }) => date),
    ...[finish?.earliest, finish?.latest].filter((date) => date != null),
    ...milestones.flatMap(daysOf),
  ].map((date) => (date < earliest ? earliest : date > latest ? latest : date));
  const all = [start, end, ...outer].sort();
  return timeAxis(all[0] ?? start, all.at(-1) ?? end, plot.left, plot.right - plot.left);
}

function header(curve: Curve): string {
  const label = standingLabel(curve);
  const room = right - left - pixelWidth(label, titleSize) - 16;
  const second = [finishSaying(curve), curve.note ?? ''].filter(Boolean).join(' · ');
  const line = (text: string, y: number) =>
    `<text class="quiet" x="${left}" y="${y}" font-size="${textSize}" fill="${light.quiet}">\
${escaped(fitted(text, right - left, textSize))}</text>`;
  return `<text class="ink" x="${left}" y="33" font-size="${titleSize}" font-weight="600" fill="${light.ink}">\
${escaped(fitted(curve.title, room, titleSize))}</text>
<text class="ink" x="${right}" y="33" font-size="${titleSize}" font-weight="700" fill="${light.ink}" \
text-anchor="end">${escaped(label)}</text>
${[line(captionOf(curve), 54), second && line(second, 73)].filter(Boolean).join('\n')}`;
}

function nothingThere(curve: Curve): string {
  if (curve.planned.length > 0 || curve.actual.length > 0) return '';
  return `<text class="quiet halo" x="${(plot.left + plot.right) / 2}" y="${(plot.top + plot.bottom) / 2}" font-size="16" \
fill="${light.quiet}" stroke="${light.paper}" stroke-width="8" paint-order="stroke" \
text-anchor="middle">${wordsOf(curve).nothing}</text>`;
}

type Swatch = (x: number, middle: number) => string;

/** Only what is to be seen, in as many rows as it takes. */
function legendOf(curve: Curve, id: string, top: number): { drawing: string; rows: number } {
  const items = legendItems(curve, id);
  let [x, row] = [plot.left, 0];
  const drawn = items.map(([text, swatch]) => {
    const itemWidth = swatchWidth + 8 + pixelWidth(text, textSize) + 18;
    if (x > plot.left && x + itemWidth - 18 > right) [x, row] = [plot.left, row + 1];
    const middle = top + 22 * row;
    const item = `${swatch(x, middle)}
<text class="quiet" x="${rounded(x + swatchWidth + 8)}" y="${middle + 4.5}" font-size="${textSize}" \
fill="${light.quiet}">${escaped(text)}</text>`;
    x = rounded(x + itemWidth);
    return item;
  });
  return { drawing: drawn.join('\n'), rows: items.length === 0 ? 0 : row + 1 };
}

const swatchWidth = 28;

function legendItems(curve: Curve, id: string): [text: string, swatch: Swatch][] {
  const said = wordsOf(curve);
  const { planned, plannedBy, actual, forecast, milestones, asOf } = curve;
  const stroke = (kind: string, colour: string, dashes: string): Swatch => {
    return (x, middle) =>
      `<path class="${kind}" d="M${x} ${middle}h${swatchWidth}" stroke="${colour}" stroke-width="2.5"${dashes}/>`;
  };
  const dotted = ' stroke-dasharray="1 5" stroke-linecap="round"';
  const hatched = (pattern: string): Swatch => {
    return (x, middle) =>
      `<rect x="${x}" y="${middle - 6}" width="${swatchWidth}" height="12" fill="url(#${id}-${pattern})" \
fill-opacity="0.6"/>`;
  };
  const centred = (sign: Swatch): Swatch => {
    return (x, middle) => sign(rounded(x + swatchWidth / 2), middle);
  };
  const isOpen = (date: CalendarDate | null) => date === null;
  const dated = milestones.filter((milestone) => daysOf(milestone).length > 0);
  const bounded = actual.some(({ low, high }) => low < high);
  const items: [isShown: boolean, text: string, swatch: Swatch][] = [
    [planned.length > 0, said.plan[plannedBy], stroke('plan', light.quiet, isAssumed(curve) ? dotted : '')],
    [actual.some(({ percent }) => percent !== null), said.actual, stroke('actual', light.solid, '')],
    [bounded, said.bounds, hatched(actual.some(({ percent }) => percent !== null) ? 'hatch' : 'silence')],
    [forecast.length > 1, said.forecast, stroke('actual', light.solid, ' stroke-dasharray="7 5"')],
    [
      hasForecastRange(curve),
      said.range,
      (x, middle) => `<rect ${rangeLook} x="${x}" y="${middle - 6}" width="${swatchWidth}" height="12"/>`,
    ],
    [
      dated.some(({ dateMet }) => !isOpen(dateMet)),
      said.met,
      centred((x, middle) => `<path class="ink" d="${diamond(x, middle, 7)}" fill="${light.ink}"/>`),
    ],
    [
      dated.some((milestone) => isOpen(milestone.dateMet) && !isOverdue(milestone, asOf)),
      said.due,
      centred(dueSign),
    ],
    [dated.some((milestone) => isOverdue(milestone, asOf)), said.overdue, centred(overdueSign)],
  ];
  return items.flatMap(([isShown, text, swatch]) => (isShown ? [[text, swatch] as [string, Swatch]] : []));
}
