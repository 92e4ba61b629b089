import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { assertSaidInTime, revisedStatement } from '../../shared/dated-statement.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { recordChange } from '../changes/index.ts';
import { assertInUse, getNode, type ProjectNode } from '../projects/index.ts';
import type { SetStage, SetStageFacts } from './deal.ts';
import { setStageShapeOf } from './set-stage-schemas.ts';
import { type SetStageFilters, type SetStageSort, setStages } from './store.ts';

const missing = 'no stage was set as of that day';

/** By what a stage that was set is known. */
export interface SetStageKey {
  projectId: string;
  asOf: CalendarDate;
}

/** @throws JinduError `not_found` */
export async function getSetStage(unit: ReadUnit, actor: Actor, key: SetStageKey): Promise<SetStage> {
  await getNode(unit, actor, key.projectId);
  const stage = await setStages.find(unit, key);
  if (stage === undefined) throw new JinduError('not_found', missing);
  return stage;
}

/**
 * Everything that was ever set as of a day, the newest first.
 * @throws JinduError `not_found`
 */
export async function getSetStageRevisions(
  unit: ReadUnit,
  actor: Actor,
  key: SetStageKey,
): Promise<SetStage[]> {
  await getNode(unit, actor, key.projectId);
  const revisions = await setStages.revisionsOf(unit, key);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/** @throws JinduError `not_found` */
export async function pageOfSetStages(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  filters: SetStageFilters,
  page: PageRequest<SetStageSort>,
): Promise<Page<SetStage>> {
  await getNode(unit, actor, projectId);
  const rows = await setStages.list(unit, { projectId }, filters, page);
  return pageOfRows(
    page,
    rows,
    ({ asOf }) => ({ value: asOf, id: asOf }),
    (row) => row,
  );
}

/**
 * Sets the stage of a deal by hand as of a day, beside the one that follows from its facts, or corrects what was set; the
 * same again changes nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `future_date`, `unprocessable`
 */
export async function putSetStage(
  unit: WriteUnit,
  actor: Actor,
  key: SetStageKey,
  facts: SetStageFacts,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ stage: SetStage; verdict: Verdict }> {
  const node = await getNode(unit, actor, key.projectId);
  assertInUse(node);
  const present = (await setStages.find(unit, key)) ?? null;
  assertExpected(expectation, present?.revision ?? null);
  assertSaidInTime({ ...key, since: facts.since }, '{asOf}', today);
  const said = { ...key, ...facts };
  const { statement: stage, verdict } = revisedStatement<SetStage>(present, said, unit.now, actor.name);
  if (verdict !== 'unchanged')
    await keep(unit, actor, node, present, stage, verdict === 'created' ? 'created' : 'corrected');
  return { stage, verdict };
}

/**
 * Takes back what was set as of a day. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`
 */
export async function withdrawSetStage(
  unit: WriteUnit,
  actor: Actor,
  key: SetStageKey,
  reason: string | null,
  expectation: Expectation,
): Promise<{ stage: SetStage; verdict: Verdict }> {
  const node = await getNode(unit, actor, key.projectId);
  const present = await getSetStage(unit, actor, key);
  assertInUse(node);
  assertExpected(expectation, present.revision);
  if (present.withdrawn) return { stage: present, verdict: 'unchanged' };
  const stage = withdrawnRevision(present, reason, unit.now, actor.name);
  await keep(unit, actor, node, present, stage, 'withdrawn');
  return { stage, verdict: 'withdrawn' };
}

async function keep(
  unit: WriteUnit,
  actor: Actor,
  { organizationId }: ProjectNode,
  present: SetStage | null,
  stage: SetStage,
  action: 'created' | 'corrected' | 'withdrawn',
): Promise<void> {
  await setStages.add(unit, stage);
  await recordChange(unit, actor, {
    action,
    subjectType: 'dealStage',
    subjectId: `${stage.projectId}/${stage.asOf}`,
    organizationId,
    reason: stage.reason,
    before: present === null ? null : setStageShapeOf(present),
    after: setStageShapeOf(stage),
  });
}
