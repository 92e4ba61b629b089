import { sql } from 'drizzle-orm';
import { type Column, closureTable, defineTables, searchTable } from '../../database/index.ts';
import { sourceNames } from '../../formulas/effective-progress.ts';
import type { Baseline, PlanPoint } from '../../formulas/planned-percent.ts';
import { defaultLightRules, type ReportCadence } from '../../formulas/traffic-light.ts';
import type { Citation } from '../../shared/citation.ts';
import { qualifiers } from '../../shared/qualified-value.ts';
import { organizationTables } from '../organizations/index.ts';
import { baselineBases } from './baseline.ts';
import {
  type Location,
  type ProjectTranslations,
  progressBases,
  projectKinds,
  projectStatuses,
  projectTypes,
  type Quantity,
  type WeightBasis,
} from './project.ts';
import type { DonePart, MilestoneSums } from './sources.ts';

export const projectTables = defineTables((c, engine) => {
  const { organizations } = organizationTables(engine);

  const projects = c.table(
    'projects',
    {
      id: c.text('id').primaryKey(),
      title: c.text('title').notNull(),
      translations: c.json<ProjectTranslations>('translations').notNull(),
      description: c.text('description'),
      kind: c.enumText('kind', projectKinds).notNull(),
      category: c.text('category'),
      status: c.enumText('status', projectStatuses).notNull(),
      type: c.enumText('type', projectTypes),
      sector: c.json<string[]>('sector').notNull(),
      organizationId: c
        .text('organization_id')
        .notNull()
        .references(() => organizations.id),
      parentId: c.text('parent_id').references((): Column => projects.id),
      startDate: c.date('start_date'),
      endDate: c.date('end_date'),
      budgetMinor: c.integer('budget_minor'),
      budgetCurrency: c.text('budget_currency'),
      quantities: c.json<Quantity[]>('quantities').notNull(),
      weightScaled: c.integer('weight_scaled'),
      weightBasis: c.text('weight_basis').$type<WeightBasis>().notNull(),
      progressBasis: c.enumText('progress_basis', progressBases).notNull(),
      cadence: c.text('cadence').$type<ReportCadence>(),
      tags: c.json<string[]>('tags').notNull(),
      location: c.json<Location>('location'),
      citation: c.json<Citation>('citation'),
      /** What `q` is looked for in. */
      searchText: c.text('search_text').notNull(),
      revision: c.integer('revision').notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      archivedAt: c.instant('archived_at'),
    },
    (t) => [
      // Which of an organization's are on its list is found without a look at the rows.
      c.index('projects_organization').on(t.organizationId, t.archivedAt, t.id),
      c.index('projects_parent').on(t.parentId, t.id),
      c.index('projects_category').on(t.category, t.id),
      c.index('projects_status').on(t.status, t.id),
      // What a portfolio counts is found without a look at the rows.
      c.index('projects_kind').on(t.kind, t.organizationId, t.archivedAt, t.id),
      c.index('projects_title').on(t.title, t.id),
      c.index('projects_created_at').on(t.createdAt, t.id),
      c.index('projects_updated_at').on(t.updatedAt, t.id),
      c.enumCheck(t.kind),
      c.enumCheck(t.status),
      c.enumCheck(t.type),
      c.enumCheck(t.progressBasis),
      c.check('projects_budget_whole', sql`(${t.budgetMinor} is null) = (${t.budgetCurrency} is null)`),
    ],
  );

  const projectTags = c.table(
    'project_tags',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id, { onDelete: 'cascade' }),
      tag: c.text('tag').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.projectId, t.tag] }),
      c.index('project_tags_tag').on(t.tag, t.projectId),
    ],
  );

  /**
   * What each revision of a project said of its place in the tree and of how progress is counted, with the time during
   * which it was what we knew. So "as known at" can be asked of any past moment.
   */
  const projectRevisions = c.table(
    'project_revisions',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      revision: c.integer('revision').notNull(),
      organizationId: c.text('organization_id'),
      parentId: c.text('parent_id'),
      isArchived: c.boolean('is_archived').notNull(),
      budgetMinor: c.integer('budget_minor'),
      budgetCurrency: c.text('budget_currency'),
      quantities: c.json<Quantity[]>('quantities').notNull(),
      weightScaled: c.integer('weight_scaled'),
      weightBasis: c.text('weight_basis').$type<WeightBasis>().notNull(),
      progressBasis: c.enumText('progress_basis', progressBases).notNull(),
      cadence: c.text('cadence').$type<ReportCadence>(),
      startDate: c.date('start_date'),
      endDate: c.date('end_date'),
      knownFrom: c.instant('known_from').notNull(),
      /** Null: it still is. */
      knownUntil: c.instant('known_until'),
    },
    (t) => [
      c.primaryKey({ columns: [t.projectId, t.revision] }),
      c.index('project_revisions_parent').on(t.parentId, t.knownUntil),
      c.enumCheck(t.progressBasis),
    ],
  );

  /** A status from a day on; a corrected one keeps its old row, with the time during which it was what we knew. */
  const projectStatusEntries = c.table(
    'project_statuses',
    {
      sequence: c.sequence('sequence'),
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      asOf: c.date('as_of').notNull(),
      status: c.enumText('status', projectStatuses).notNull(),
      reason: c.text('reason'),
      recordedBy: c.text('recorded_by').notNull(),
      knownFrom: c.instant('known_from').notNull(),
      knownUntil: c.instant('known_until'),
    },
    (t) => [
      c.uniqueIndex('project_statuses_current').on(t.projectId, t.asOf).where(sql`known_until is null`),
      c.index('project_statuses_project').on(t.projectId, t.asOf),
      c.enumCheck(t.status),
    ],
  );

  /**
   * Where each project stands now, kept in step by the unit of work that changes it. See `standing.ts`. With it is what
   * counting needs to know of the project and of its plan, so that one row has all of a node.
   */
  const projectStandings = c.table(
    'project_standings',
    {
      projectId: c
        .text('project_id')
        .primaryKey()
        .references(() => projects.id),
      parentId: c.text('parent_id'),
      /**
       * Of the project, what portfolios sum by: so they read one table along one index. The defaults are for rows of
       * before, until they are counted anew.
       */
      kind: c.enumText('kind', projectKinds).notNull().default('project'),
      organizationId: c.text('organization_id').notNull().default(''),
      status: c.enumText('status', projectStatuses).notNull().default('identification'),
      isArchived: c.boolean('is_archived').notNull().default(false),
      /** The project as counting sees it, once more. The defaults are for rows of before, here too. */
      archivedAt: c.instant('archived_at'),
      startDate: c.date('start_date'),
      endDate: c.date('end_date'),
      budgetMinor: c.integer('budget_minor'),
      budgetCurrency: c.text('budget_currency'),
      /** Null where it measures none. */
      quantities: c.json<Quantity[]>('quantities'),
      weightScaled: c.integer('weight_scaled'),
      weightBasis: c.text('weight_basis').$type<WeightBasis>().notNull().default('equal'),
      progressBasis: c.enumText('progress_basis', progressBases).notNull().default('auto'),
      cadence: c.text('cadence').$type<ReportCadence>(),
      /** Whether it counts in its parent's roll-up: not archived, not cancelled. */
      counts: c.boolean('counts').notNull(),
      /** Its newest report that says a percent, column by column; all null where there is none. */
      ownPercentHundredths: c.integer('own_percent_hundredths'),
      ownQualifier: c.enumText('own_qualifier', qualifiers),
      ownStated: c.text('own_stated'),
      ownAsOf: c.date('own_as_of'),
      ownRevision: c.integer('own_revision'),
      ownDoneSince: c.date('own_done_since'),
      /** What its newest reports say, as text: it is written with each of them. Null without any. */
      recent: c.text('recent'),
      /** Its newest report that says money spent; all null where there is none. */
      spentMinor: c.integer('spent_minor'),
      spentCurrency: c.text('spent_currency'),
      spentAsOf: c.date('spent_as_of'),
      /** Null where no report says any. */
      done: c.json<readonly DonePart[]>('done'),
      /** Null as long as none that has a weight is met. */
      milestones: c.json<MilestoneSums>('milestones'),
      /** The sums over its children, as text: they outgrow the integers of any engine. Null without children. */
      sums: c.text('sums'),
      percentFine: c.integer('percent_fine'),
      lowFine: c.integer('low_fine').notNull(),
      highFine: c.integer('high_fine').notNull(),
      isApproximate: c.boolean('is_approximate').notNull(),
      coverageFine: c.integer('coverage_fine').notNull(),
      basis: c.enumText('basis', sourceNames),
      asOf: c.date('as_of'),
      newestChildAsOf: c.date('newest_child_as_of'),
      ownSaidAsOf: c.date('own_said_as_of'),
      newestReportAsOf: c.date('newest_report_as_of'),
      newestChildSaidAsOf: c.date('newest_child_said_as_of'),
      finishedOn: c.date('finished_on'),
      newestChildFinishedOn: c.date('newest_child_finished_on'),
      /** The later of the two days on which something was said: what a parent looks for among its children. */
      saidAsOf: c.date('said_as_of'),
      /** Has no weight on the basis that its parent has chosen. */
      isUnweighted: c.boolean('is_unweighted').notNull(),
      /** The light rules that hold for it, its own cadence among them. */
      yellowBehindHundredths: c
        .integer('yellow_behind_hundredths')
        .notNull()
        .default(defaultLightRules.yellowBehindHundredths),
      redBehindHundredths: c
        .integer('red_behind_hundredths')
        .notNull()
        .default(defaultLightRules.redBehindHundredths),
      silentAfterDays: c.integer('silent_after_days').default(defaultLightRules.silentAfterDays as number),
      /** From which days on it has which light: see `formulas/light-days.ts`. */
      isCompared: c.boolean('is_compared').notNull().default(false),
      yellowFrom: c.date('yellow_from'),
      redFrom: c.date('red_from'),
      greyFrom: c.date('grey_from'),
      /** The planned curve that counts for it; all null where nothing is planned. See `settle-baseline.ts`. */
      baselineBasis: c.enumText('baseline_basis', baselineBases),
      curve: c.json<Baseline>('curve'),
      isAssumed: c.boolean('is_assumed'),
      baselineCoverageFine: c.integer('baseline_coverage_fine'),
      planRevision: c.integer('plan_revision'),
    },
    // None of these changes with a report, but for a project's first: that keeps reports quick.
    (t) => [
      c.index('project_standings_parent').on(t.parentId, t.counts),
      c.index('project_standings_silent').on(t.parentId, t.projectId).where(sql`as_of is null`),
      c.index('project_standings_unweighted').on(t.parentId, t.projectId).where(sql`is_unweighted`),
      c.index('project_standings_summed').on(t.kind, t.organizationId, t.isArchived, t.status, t.projectId),
      c.enumCheck(t.ownQualifier),
      c.enumCheck(t.basis),
    ],
  );

  /**
   * What the planned curve of each project is made of, kept in step by the unit of work that changes it. See
   * `settle-baseline.ts`. A project without a plan, of which no child has one, has no row.
   */
  const projectBaselines = c.table('project_baselines', {
    projectId: c
      .text('project_id')
      .primaryKey()
      .references(() => projects.id),
    /** Its own plan; both null where it has none. */
    ownPoints: c.json<PlanPoint[]>('own_points'),
    ownRevision: c.integer('own_revision'),
    /** The sums over the plans of its children, as text. Null where none has one. */
    sums: c.text('sums'),
  });

  return {
    projects,
    projectTags,
    projectRevisions,
    projectStatusEntries,
    projectStandings,
    projectBaselines,
    projectTree: closureTable(c, 'project_tree'),
    projectSearches: searchTable(c, 'project_searches'),
  };
});
