import type { Database } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { numberFromHundredths, shownPercent } from '../../shared/percent.ts';
import { illustrativeNote, type PictureLocale } from '../pictures/index.ts';
import { getProject, type Project } from '../projects/index.ts';
import type { Curve, CurveFinish, CurveGap, CurveMilestone } from './curve.ts';
import { getHistory, type HistoryQuestion } from './history.ts';
import { milestonesOf } from './milestones.ts';
import type { History, HistoryPoint, PlannedPoint } from './progress.ts';
import { sCurve } from './s-curve.ts';

/** More points than that, nobody tells apart. */
const drawnAtMost = 400;

/**
 * The S-curve of a project, as an SVG document.
 * @throws JinduError `not_found`, `future_date`, `unprocessable`
 */
export async function drawHistory(
  database: Database,
  actor: Actor,
  projectId: string,
  question: HistoryQuestion,
  locale: PictureLocale,
  dayOf: (moment: Instant) => CalendarDate,
): Promise<string> {
  const drawn = { ...question, maxPoints: question.maxPoints ?? drawnAtMost };
  const { project } = await database.read((unit) => getProject(unit, actor, projectId));
  const history = await getHistory(database, actor, projectId, drawn, dayOf);
  const milestones = await database.read((unit) => milestonesOf(unit, projectId, drawn, history.asOf));
  return sCurve(curveOf(history, project, milestones, locale));
}

/** What the S-curve shows of a history. */
function curveOf(
  history: History,
  project: Pick<Project, 'title' | 'translations' | 'tags'>,
  milestones: readonly CurveMilestone[],
  locale: PictureLocale,
): Curve {
  const { asOf, against } = history;
  const { plan } = against;
  return {
    title: project.translations[locale]?.title ?? project.title,
    locale,
    asOf,
    planned: history.planned.map(shownPoint),
    plannedBy: plan?.basis === 'children' && plan.isAssumed ? 'assumedChildren' : (plan?.basis ?? 'plan'),
    actual: history.actual.map(drawnPoint),
    forecast: history.forecast.map(shownPoint),
    comparison: plan === null ? null : { planned: shownPercent(plan.planned), gap: drawnGap(plan) },
    finish: finishOf(history),
    milestones,
    note: illustrativeNote(project.tags, locale),
  };
}

function drawnGap({ gap }: NonNullable<History['against']['plan']>): CurveGap | null {
  return (
    gap && {
      points: numberFromHundredths(gap.gap),
      low: numberFromHundredths(gap.low),
      high: numberFromHundredths(gap.high),
    }
  );
}

function shownPoint({ date, percent }: PlannedPoint) {
  return { date, percent: shownPercent(percent) };
}

function drawnPoint({ date, effective, own }: HistoryPoint): Curve['actual'][number] {
  const { percent, low, high } = effective.standing;
  return {
    date,
    percent: percent === null ? null : shownPercent(percent),
    low: shownPercent(low),
    high: shownPercent(high),
    qualifier: own?.qualifier ?? effective.qualifier,
    stated: own?.stated ?? null,
  };
}

function finishOf({ against: { schedule }, forecast }: History): CurveFinish | null {
  if (schedule?.forecastFinish) {
    const { forecastFinish: forecast, earliestFinish: earliest, latestFinish: latest, daysLate } = schedule;
    return { forecast, earliest, latest, daysLate, isFinished: schedule.isFinished };
  }
  const finish = forecast.at(-1);
  return finish === undefined
    ? null
    : { forecast: finish.date, earliest: null, latest: null, daysLate: null, isFinished: false };
}
