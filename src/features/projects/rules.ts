import { isDeepStrictEqual } from 'node:util';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import type { Project, ProjectFacts, ProjectStatus } from './project.ts';

/** The facts of a project, and nothing else that it may carry. */
export function factsOf(project: ProjectFacts): ProjectFacts {
  return {
    title: project.title,
    translations: project.translations,
    description: project.description,
    kind: project.kind,
    category: project.category,
    status: project.status,
    type: project.type,
    sector: project.sector,
    organizationId: project.organizationId,
    parentId: project.parentId,
    startDate: project.startDate,
    endDate: project.endDate,
    budgetMinor: project.budgetMinor,
    budgetCurrency: project.budgetCurrency,
    quantities: project.quantities,
    weightScaled: project.weightScaled,
    weightBasis: project.weightBasis,
    progressBasis: project.progressBasis,
    cadence: project.cadence,
    tags: project.tags,
    location: project.location,
    citation: project.citation,
  };
}

/**
 * The project after `facts` are sent for it: a first revision, the next one, or, where nothing differs, the very same
 * object.
 * @throws JinduError `archived`, `unprocessable`
 */
export function revised(previous: Project | null, id: string, facts: ProjectFacts, now: Instant): Project {
  assertPeriodRuns(facts);
  assertQuantitiesDiffer(facts);
  if (previous === null)
    return { id, ...facts, revision: 1, createdAt: now, updatedAt: now, archivedAt: null };
  assertInUse(previous);
  if (isDeepStrictEqual(factsOf(previous), facts)) return previous;
  return { ...previous, ...facts, revision: previous.revision + 1, updatedAt: now };
}

/** @throws JinduError `archived` */
export function assertInUse(project: { id: string; archivedAt: Instant | null }): void {
  if (project.archivedAt !== null) {
    throw new JinduError('archived', `the project ${project.id} is archived: restore it first`);
  }
}

/** Whether a project counts in its parent's roll-up: cancelled and archived ones do not. */
export function counts(project: { status: ProjectStatus; archivedAt: Instant | null }): boolean {
  return project.archivedAt === null && project.status !== 'cancelled';
}

/**
 * The status on a day, of entries in the order of their days: the newest that is not later; before the first entry, the
 * first one's, since nothing else is known.
 */
export function statusOn(
  entries: readonly { asOf: CalendarDate; status: ProjectStatus }[],
  day: CalendarDate,
): ProjectStatus | null {
  return (entries.findLast((entry) => entry.asOf <= day) ?? entries[0])?.status ?? null;
}

function assertPeriodRuns({ startDate, endDate }: ProjectFacts): void {
  if (startDate === null || endDate === null || startDate <= endDate) return;
  throw new JinduError('unprocessable', 'the period ends before it starts', [
    { pointer: '/period/endDate', code: 'period', message: `must not be before the start, ${startDate}` },
  ]);
}

function assertQuantitiesDiffer({ quantities }: ProjectFacts): void {
  const codes = quantities.map((quantity) => quantity.code);
  const repeated = codes.findIndex((code, index) => codes.indexOf(code) !== index);
  if (repeated === -1) return;
  throw new JinduError('unprocessable', `the quantity ${codes[repeated]} is there twice`, [
    { pointer: `/quantities/${repeated}/code`, code: 'repeated', message: 'must be used once in a project' },
  ]);
}
