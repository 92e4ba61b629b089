import type { ReadUnit } from '../../database/index.ts';
import { effectiveProgress } from '../../formulas/effective-progress.ts';
import { noChildren } from '../../formulas/roll-up.ts';
import type { Actor } from '../../shared/actor.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { notYet } from '../../shared/errors.ts';
import { type FoldedJson, fold, unfold } from '../../shared/folded-json.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { seesOrganization } from '../organizations/index.ts';
import {
  asOfBasis,
  childrenLacking,
  getNode,
  madeOfNodes,
  type ProjectNode,
  saidAsOf,
  sourcesOf,
  type Told,
  visibleProjects,
  weightOf,
} from '../projects/index.ts';
import { againstPlan, budgetOf, nothingToCompare } from './against-plan.ts';
import { TreeBaselines } from './baselines.ts';
import { lightOf, noLight, rulesThen } from './light.ts';
import { loadTree, tellRecent } from './load.ts';
import { againstPlanShapeOf } from './plan-schemas.ts';
import { type NamedChildren, namedAtMost, type Progress } from './progress.ts';
import { progressShapeOf } from './schemas.ts';
import { countsIn, keptIn, type TreeNode } from './tree.ts';

/** The day and the moment that a question is about; null where it asks for today, and for all that is known. */
export interface Question {
  asOf: CalendarDate | null;
  knownAt: Instant | null;
}

/**
 * Where a project stands. Of today and by all that is known it is read from what is kept; of another day or moment it
 * is counted from what was said.
 * @throws JinduError `not_found`, `future_date`
 */
export async function getProgress(
  unit: ReadUnit,
  actor: Actor,
  id: string,
  question: Question,
  today: CalendarDate,
): Promise<Progress> {
  const node = await getNode(unit, actor, id);
  const asOf = question.asOf ?? today;
  if (asOf > today) throw notYet('?asOf', asOf, today);
  const knownAt = knownMoment(question.knownAt, unit.now);
  if (asOf === today && knownAt === null) return await progressNow(unit, actor, node, asOf);
  return await progressThen(unit, actor, node, asOf, knownAt);
}

/**
 * The same as the JSON that is answered. A node is never changed, so what is answered of it on a day is counted and
 * written once; but for what names children, of which not everybody sees all.
 * @throws JinduError `not_found`, `future_date`
 */
export async function answerProgress(
  unit: ReadUnit,
  actor: Actor,
  id: string,
  question: Question,
  today: CalendarDate,
): Promise<Buffer> {
  const isOfNow = question.knownAt === null && (question.asOf ?? today) === today;
  if (!isOfNow) return written(await getProgress(unit, actor, id, question, today));
  const known = answers.recall(unit, id);
  if (known?.asOf === today && (await seesOrganization(unit, actor, known.organizationId)))
    return unfold(known);
  const node = await getNode(unit, actor, id);
  const json = written(await progressNow(unit, actor, node, today));
  const { organizationId } = node;
  if (answers.isWorthKeeping(unit, id) && namesNobody(node))
    answers.keep(unit, id, { asOf: today, organizationId, ...fold(json) });
  return json;
}

function written(progress: Progress): Buffer {
  return Buffer.from(JSON.stringify(progressShapeOf(progress)));
}

/** An answer about today, of a project of that organization. */
interface AnswerOfToday extends FoldedJson {
  asOf: CalendarDate;
  organizationId: string;
}

const answers = madeOfNodes<AnswerOfToday>();

function namesNobody({ kept: { sums } }: ProjectNode): boolean {
  return sums.silent === 0 && sums.unweighted === 0;
}

async function progressNow(
  unit: ReadUnit,
  actor: Actor,
  node: ProjectNode,
  asOf: CalendarDate,
): Promise<Progress> {
  const { kept } = node;
  const { sums } = kept;
  const name = (lack: 'silent' | 'unweighted', count: number) =>
    count === 0 ? [] : childrenLacking(unit, node.id, lack, actor.organizationId, namedAtMost);
  const named = {
    missing: await name('silent', sums.silent),
    unweighted: await name('unweighted', sums.unweighted),
  };
  const { baseline, status } = node;
  const against = againstPlanShapeOf(againstPlan({ ...kept, asOf, baseline, budget: budgetOf(node) }));
  const light = lightOf({ ...kept, asOf, status, baseline, saidAsOf: saidAsOf(kept) });
  return progressOf(node, kept, named, { against, light }, saidAsOf(kept), asOf, null);
}

async function progressThen(
  unit: ReadUnit,
  actor: Actor,
  node: ProjectNode,
  asOf: CalendarDate,
  knownAt: Instant | null,
): Promise<Progress> {
  const tree = await loadTree(unit, [node.id], asOf, knownAt);
  await tellRecent(unit, tree, node.id, asOf, knownAt);
  const { root } = tree;
  if (root === null) {
    const unknown = { own: null, done: [], milestones: null, sums: noChildren, newestChildAsOf: null };
    const nobody = { missing: [], unweighted: [] };
    const against = againstPlanShapeOf(againstPlan({ ...nothingToCompare, asOf }));
    const shown = { against, light: noLight };
    return progressOf({ ...node, quantities: [] }, unknown, nobody, shown, null, asOf, knownAt);
  }
  const counted = root.children.filter(countsIn);
  const named = {
    missing: await seen(
      unit,
      actor,
      counted.filter((child) => child.standing.percent === null),
    ),
    unweighted: await seen(
      unit,
      actor,
      counted.filter((child) => weightOf(child.project, root.project) === null),
    ),
  };
  const kept = keptIn(root);
  const { baseline } = new TreeBaselines().of(root);
  const budget = budgetOf(root.project);
  const against = againstPlanShapeOf(againstPlan({ ...kept, asOf, baseline, budget }));
  const rules = knownAt === null ? node.kept.rules : await rulesThen(unit, root.project, knownAt);
  const { standing } = kept;
  const status = root.status ?? node.status;
  const light = lightOf({ asOf, status, standing, baseline, saidAsOf: saidAsOf(kept), rules });
  return progressOf(root.project, kept, named, { against, light }, saidAsOf(kept), asOf, knownAt);
}

/** What compares a project with its plan, and what its light is. */
type Compared = Pick<Progress, 'against' | 'light'>;

function progressOf(
  project: Pick<ProjectNode, 'id' | 'quantities' | 'progressBasis' | 'weightBasis'>,
  told: Told,
  named: NamedChildren,
  { against, light }: Compared,
  newestSaidAsOf: CalendarDate | null,
  asOf: CalendarDate,
  knownAt: Instant | null,
): Progress {
  const sources = sourcesOf(project, told);
  const effective = effectiveProgress(project.progressBasis, sources);
  return {
    projectId: project.id,
    asOf,
    knownAt,
    effective,
    figureAsOf: asOfBasis(effective.basis, sources),
    sources,
    told,
    weightBasis: project.weightBasis,
    quantities: project.quantities,
    named,
    against,
    light,
    silentDays: newestSaidAsOf === null ? null : daysBetween(newestSaidAsOf, asOf),
  };
}

/** An engine has a bound on what one query may carry. */
const idsAtATime = 500;

/** Those children that the actor may know of, by their ids, as many as are named. */
async function seen(unit: ReadUnit, actor: Actor, children: readonly TreeNode[]): Promise<string[]> {
  const ids = children.map((child) => child.project.id).sort();
  if (actor.organizationId === null) return ids.slice(0, namedAtMost);
  const visible: string[] = [];
  for (let from = 0; from < ids.length && visible.length < namedAtMost; from += idsAtATime)
    visible.push(...(await visibleProjects(unit, actor.organizationId, ids.slice(from, from + idsAtATime))));
  return visible.slice(0, namedAtMost);
}
