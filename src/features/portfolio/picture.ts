import { illustrativeNote, type PictureLocale } from '../pictures/index.ts';
import type { Board, BoardRow } from './board.ts';
import type { NamedProject, Portfolio } from './portfolio.ts';
import { rollUpShapeOf, rowShapeOf } from './schemas.ts';

/** What the board shows of a portfolio. */
export function boardOf(portfolio: Portfolio, locale: PictureLocale): Board {
  const { asOf, counted, ranked, name, weightBasis } = portfolio;
  const tags = ranked.flatMap((each) => each.tags);
  return {
    title: name === null ? everything[locale] : (name.translations[locale]?.title ?? name.title),
    locale,
    asOf,
    counts: counted.byLight,
    projects: counted.projects,
    whole: counted.rollUp === null ? null : rollUpShapeOf(counted, weightBasis),
    rows: ranked.map((each) => boardRowOf(each, locale)),
    note: illustrativeNote(tags, locale),
  };
}

const everything: Record<PictureLocale, string> = { zh: '全部项目', en: 'All projects' };

function boardRowOf(named: NamedProject, locale: PictureLocale): BoardRow {
  const { percent, low, high, qualifier, light, planned, gap, silentDays } = rowShapeOf(named);
  return {
    ...{ percent, low, high, qualifier, light, planned, gap, silentDays },
    title: named.translations[locale]?.title ?? named.title,
    stated: named.stated,
  };
}
