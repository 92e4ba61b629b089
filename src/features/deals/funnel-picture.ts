import type { Static } from '@sinclair/typebox';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { type FundingStatus, fundingStatuses } from '../funding/index.ts';
import {
  type BarBox,
  barSpans,
  boxAttributes,
  escaped,
  fitted,
  hatchPattern,
  light,
  type MoneyFigure,
  moneyLabel,
  type PictureLocale,
  pictureDocument,
  pictureId,
  pixelWidth,
  rounded,
} from '../pictures/index.ts';
import type { CurrencySumShape, FunnelStageShape } from './funnel-schemas.ts';
import { funnelWords } from './funnel-words.ts';

/** Figures are as they are shown: money in the main unit of its currency. */
export interface FunnelPicture {
  title: string;
  locale: PictureLocale;
  asOf: CalendarDate;
  deals: number;
  stages: readonly Static<typeof FunnelStageShape>[];
  withoutStage: { deals: number; parties: number };
  /** That of the signed amounts; null where there is none, or several. */
  currency: string | null;
  money: readonly ({ currency: string } & Record<FundingStatus, MoneyFigure | null>)[];
  /** Said below the title, such as that the data is illustrative. */
  note: string | null;
}

/** More currencies than these are counted and not drawn. */
export const drawnCurrencies = 3;

/**
 * The funnel as one self-contained SVG document, 920 wide, to paste into a report: no script, nothing loaded, safe
 * whatever the title holds. A row for each stage has a framed bar as long as many deals ever came to it, a filled one in it as
 * many are in it now, and the figures; below, money by how far it has come, with bounds drawn and said as bounds.
 * `<metadata>` holds the figures as a table. Light and dark follow the reader's choice, print is light. One funnel always
 * gives the same text, so it may be cached and compared.
 */
export function dealFunnel(picture: FunnelPicture): string {
  const id = pictureId(picture);
  const said = funnelWords[picture.locale];
  const parts = new Column(headingTop + 18);
  if (picture.deals === 0) parts.add(rowHeight, (top) => quiet(said.nothing, columns.stage, top + 22));
  else {
    for (const stage of picture.stages) parts.add(rowHeight, (top) => stageRow(picture, stage, top));
    if (picture.withoutStage.deals + picture.withoutStage.parties > 0)
      parts.add(rowHeight, (top) => unknownRow(picture, top));
    const setDeals = picture.stages.reduce((sum, stage) => sum + stage.setDeals, 0);
    if (setDeals > 0) parts.add(24, (top) => quiet(said.setByHand(setDeals), columns.stage, top + 18));
    addMoney(parts, picture, id);
  }
  const height = parts.bottom + 16;
  return pictureDocument({
    ...{ id, width, height },
    locale: picture.locale,
    title: picture.title,
    description: descriptionOf(picture),
    darkRules: ['.line{stroke:#30363d}'],
    body: lines([
      `<metadata>${tableOf(picture)}</metadata>
<defs>
${hatchPattern(`${id}-hatch`, 'solid')}
${hatchPattern(`${id}-silence`, 'quiet')}
</defs>
<rect class="paper" width="${width}" height="${height}" rx="6" fill="${light.paper}"/>`,
      header(picture),
      picture.deals === 0 ? '' : headings(picture),
      ...parts.drawn,
    ]),
  });
}

const width = 920;
const columns = {
  ...{ stage: 20, bar: 158, deals: 378, reached: 438, conversion: 500, parties: 560, days: 656 },
  ...{ unknown: 726, right: 900 },
};
const barWidth = 182;
const amountRoom = columns.right - columns.unknown - 12;
const headingTop = 92;
const rowHeight = 32;
const titleSize = 20;
const textSize = 13;
const smallSize = 11;
const rowSize = 14;

/** What stands one below the other. */
class Column {
  readonly drawn: string[] = [];
  bottom: number;

  constructor(top: number) {
    this.bottom = top;
  }

  add(height: number, draw: (top: number) => string): void {
    this.drawn.push(draw(this.bottom));
    this.bottom += height;
  }
}

function header({ title, locale, asOf, deals, note }: FunnelPicture): string {
  const said = funnelWords[locale];
  const caption = [said.asOf(asOf), said.count(deals), note ?? ''].filter(Boolean).join(' · ');
  const room = columns.right - columns.stage;
  return `<text class="ink" x="${columns.stage}" y="35" font-size="${titleSize}" font-weight="600" \
fill="${light.ink}">${escaped(fitted(title, room, titleSize))}</text>
${quiet(fitted(caption, room, textSize), columns.stage, 57)}`;
}

function headings({ locale }: FunnelPicture): string {
  const said = funnelWords[locale];
  return [
    quiet(said.stage, columns.stage, headingTop),
    quiet(said.funnel, columns.bar, headingTop),
    quiet(said.deals, columns.deals, headingTop, 'end'),
    quiet(said.reached, columns.reached, headingTop, 'end'),
    quiet(said.conversion, columns.conversion, headingTop, 'end'),
    quiet(said.parties, columns.parties, headingTop, 'end'),
    quiet(said.days, columns.days, headingTop, 'end'),
    quiet(said.unknownAges, columns.unknown, headingTop, 'end'),
    quiet(said.amount, columns.right, headingTop, 'end'),
    line(headingTop + 10),
  ].join('\n');
}

function stageRow(picture: FunnelPicture, stage: Static<typeof FunnelStageShape>, top: number): string {
  const said = funnelWords[picture.locale];
  const { deals, setDeals, reached, parties, medianDays, unknownAges } = stage;
  const share = stage.conversion?.share ?? null;
  const amount = signedLabel(picture, stage);
  const name = said.stages[stage.stage];
  const told = [
    name,
    `${said.deals} ${deals}`,
    reached === null ? '' : `${said.reached} ${reached}`,
    amount === '' ? '' : `${said.amount} ${amount}`,
  ];
  return lines([
    `<g><title>${escaped(told.filter(Boolean).join(said.separator))}</title>`,
    stage.stage === 'lapsed' ? line(top + 0.5) : '',
    ink(name, columns.stage, top, 400),
    bars(picture, stage, top),
    ink(`${deals}${setDeals > 0 ? '*' : ''}`, columns.deals, top, 600, 'end'),
    reached === null ? '' : ink(String(reached), columns.reached, top, 400, 'end'),
    share === null ? '' : ink(`${rounded(share * 100)}%`, columns.conversion, top, 400, 'end'),
    ink(String(parties), columns.parties, top, 400, 'end'),
    medianDays === null ? '' : ink(String(medianDays), columns.days, top, 400, 'end'),
    unknownAges === 0 ? '' : ink(String(unknownAges), columns.unknown, top, 400, 'end'),
    amountText(picture, stage, top),
    '</g>',
  ]);
}

/** In words that fit, if need be in smaller ones: else how much it is at the least, else in how many currencies it is. */
function amountText(picture: FunnelPicture, stage: Static<typeof FunnelStageShape>, top: number): string {
  const sums = signedIn(picture, stage);
  const [only] = sums;
  if (only === undefined) return '';
  const { locale } = picture;
  const least = { ...only, high: null, unknown: 0, qualifier: 'atLeast' as const };
  const shorter =
    sums.length > 1 ? funnelWords[locale].currencies(sums.length) : moneyLabel(least, only.currency, locale);
  const ways = [signedLabel(picture, stage), shorter].flatMap((text) =>
    [textSize, smallSize].map((size) => ({ text, size })),
  );
  const { text, size } = ways.find((way) => pixelWidth(way.text, way.size) <= amountRoom) ?? {
    text: '…',
    size: textSize,
  };
  return quiet(text, columns.right, top + 21, 'end', size);
}

function signedLabel(picture: FunnelPicture, stage: Static<typeof FunnelStageShape>): string {
  const { locale } = picture;
  const labels = signedIn(picture, stage).map((each) => moneyLabel(each, each.currency, locale));
  return labels.join(funnelWords[locale].listed);
}

function signedIn(
  { currency }: FunnelPicture,
  { amount, amountByCurrency }: Static<typeof FunnelStageShape>,
): readonly Static<typeof CurrencySumShape>[] {
  return amount === null || currency === null ? amountByCurrency : [{ ...amount, currency }];
}

/** Both around the middle, so that the rows make a funnel. */
function bars({ stages, deals: all }: FunnelPicture, stage: Static<typeof FunnelStageShape>, top: number) {
  const { deals, reached } = stage;
  const most = Math.max(all, ...stages.map((each) => each.reached ?? 0));
  const box = (count: number, thickness: number): BarBox => {
    const wide = Math.max((count / most) * barWidth, 2);
    const left = rounded(columns.bar + (barWidth - wide) / 2);
    return { left, top: top + (rowHeight - thickness) / 2, width: rounded(wide), thickness };
  };
  const ever = reached !== null && reached > 0 ? box(reached, 22) : null;
  const now = deals > 0 ? box(deals, 12) : null;
  const tone = reached === null ? 'quiet' : 'solid';
  return lines([
    ever === null ? '' : `<rect class="band" ${boxAttributes(ever)} fill="${light.band}"/>`,
    ever === null ? '' : `<rect class="edge" ${boxAttributes(ever)} fill="none" stroke="${light.quiet}"/>`,
    now === null ? '' : `<rect class="${tone}" ${boxAttributes(now)} fill="${light[tone]}"/>`,
  ]);
}

function unknownRow({ locale, withoutStage }: FunnelPicture, top: number): string {
  return `<g>${quiet(funnelWords[locale].stages.none, columns.stage, top + 21)}
${ink(String(withoutStage.deals), columns.deals, top, 600, 'end')}
${ink(String(withoutStage.parties), columns.parties, top, 400, 'end')}</g>`;
}

function addMoney(parts: Column, picture: FunnelPicture, id: string): void {
  const { locale, money } = picture;
  const said = funnelWords[locale];
  if (money.length === 0) {
    parts.add(34, (top) => `${line(top + 8.5)}\n${quiet(said.noMoney, columns.stage, top + 30)}`);
    return;
  }
  for (const each of money.slice(0, drawnCurrencies)) {
    parts.add(
      36,
      (top) => `${line(top + 8.5)}\n${quiet(said.money(each.currency), columns.stage, top + 30)}`,
    );
    for (const status of fundingStatuses) {
      const figure = each[status];
      if (status === 'withdrawn' && figure === null) continue;
      parts.add(rowHeight, (top) => moneyRow(each, status, { locale, top, id }));
    }
  }
  const more = money.length - drawnCurrencies;
  if (more > 0) parts.add(24, (top) => quiet(said.more(more), columns.stage, top + 18));
}

function moneyRow(
  money: FunnelPicture['money'][number],
  status: FundingStatus,
  { locale, top, id }: { locale: PictureLocale; top: number; id: string },
): string {
  const said = funnelWords[locale];
  const figure = money[status];
  const box: BarBox = { left: columns.bar, top: top + 9, width: barWidth, thickness: 14 };
  const label = figure === null ? said.nothingSaid : moneyLabel(figure, money.currency, locale);
  const x = columns.bar + barWidth + 16;
  return lines([
    `<g><title>${escaped([said.funding[status], label].join(said.separator))}</title>`,
    ink(said.funding[status], columns.stage, top, 400),
    `<rect class="track" ${boxAttributes(box)} fill="${light.track}"/>`,
    figure === null ? '' : moneyBar(figure, money, box, id),
    `<rect class="edge" ${boxAttributes(box)} fill="none" stroke="${light.quiet}"/>`,
    figure === null ? quiet(label, x, top + 21) : ink(label, x, top, 600),
    '</g>',
  ]);
}

/** On one scale for the currency: solid as far as is sure, hatched as far as is possible, which without a bound is the end. */
function moneyBar(
  figure: MoneyFigure,
  money: FunnelPicture['money'][number],
  box: BarBox,
  id: string,
): string {
  const said = fundingStatuses.flatMap((status) => money[status] ?? []);
  const greatest = Math.max(0, ...said.map(({ low, high }) => high ?? low));
  const scale = said.some(({ high }) => high === null) ? greatest * 1.25 : greatest;
  const percentOf = (amount: number) => (scale === 0 ? 0 : (amount / scale) * 100);
  const { low, high } = figure;
  const isUnknown = low === 0 && high === null;
  const bar = {
    percent: null,
    low: percentOf(low),
    high: high === null ? 100 : percentOf(high),
    qualifier: 'between' as const,
  };
  return barSpans(bar, box, `${id}-${isUnknown ? 'silence' : 'hatch'}`);
}

function lines(parts: readonly string[]): string {
  return parts.filter(Boolean).join('\n');
}

function ink(
  text: string,
  x: number,
  top: number,
  weight: number,
  anchor: 'start' | 'end' = 'start',
): string {
  return `<text class="ink" x="${x}" y="${top + 21}" font-size="${rowSize}" font-weight="${weight}" \
fill="${light.ink}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function quiet(
  text: string,
  x: number,
  y: number,
  anchor: 'start' | 'end' = 'start',
  size: number = textSize,
): string {
  if (text === '') return '';
  return `<text class="quiet" x="${x}" y="${y}" font-size="${size}" fill="${light.quiet}" \
text-anchor="${anchor}">${escaped(text)}</text>`;
}

function line(y: number): string {
  return `<path class="line" d="M${columns.stage} ${y}H${columns.right}" stroke="#d0d7de"/>`;
}

function descriptionOf({ locale, asOf, deals, stages, money, note }: FunnelPicture): string {
  const said = funnelWords[locale];
  const counts = stages.filter((stage) => stage.deals > 0);
  const sums = money.flatMap((each) =>
    fundingStatuses.flatMap((status) => {
      const figure = each[status];
      return figure === null ? [] : `${said.funding[status]} ${moneyLabel(figure, each.currency, locale)}`;
    }),
  );
  const sentences = [
    [said.asOf(asOf), said.count(deals)].join(said.separator),
    counts.map((stage) => `${said.stages[stage.stage]} ${stage.deals}`).join(said.separator),
    sums.join(said.separator),
    note ?? '',
  ];
  return sentences.filter(Boolean).join(said.stop);
}

/** The figures, a row for each stage and for each sum of money, as XML; what is unknown is left out. */
function tableOf({ asOf, deals, stages, money }: FunnelPicture): string {
  const rows = stages.map(({ conversion, amount, amountByCurrency: _, ...stage }) =>
    rowOf({
      ...stage,
      share: conversion?.share ?? null,
      low: amount?.low ?? null,
      high: amount?.high ?? null,
    }),
  );
  const sums = money.flatMap((each) =>
    fundingStatuses.flatMap((status) => {
      const figure = each[status];
      if (figure === null) return [];
      const { low, high, unknown } = figure;
      return rowOf({ money: status, currency: each.currency, low, high, unknown });
    }),
  );
  return `<figures xmlns="urn:jindu:figures" asOf="${asOf}" deals="${deals}">
${[...rows, ...sums].join('\n')}
</figures>`;
}

function rowOf(facts: Record<string, string | number | null>): string {
  const told = Object.entries(facts).filter(([, value]) => value !== null);
  return `<row${told.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('')}/>`;
}
