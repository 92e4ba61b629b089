import type { ProgressBasis } from '../../formulas/effective-progress.ts';
import type { ReportCadence } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';

export const projectKinds = ['programme', 'project', 'component'] as const;
export type ProjectKind = (typeof projectKinds)[number];

/** The closed list of OC4IDS, and `suspended` from IATI. */
export const projectStatuses = [
  'identification',
  'preparation',
  'implementation',
  'completion',
  'maintenance',
  'decommissioning',
  'decommissioned',
  'cancelled',
  'suspended',
] as const;
export type ProjectStatus = (typeof projectStatuses)[number];

/** The closed list of OC4IDS. */
export const projectTypes = [
  'construction',
  'rehabilitation',
  'replacement',
  'expansion',
  'decommissioning',
] as const;
export type ProjectType = (typeof projectTypes)[number];

export const progressBases = [
  'auto',
  'report',
  'children',
  'milestones',
  'quantities',
] as const satisfies readonly ProgressBasis[];

/** By what children weigh in their parent's roll-up: all alike, by their own `weight`, by budget, or by a quantity. */
export type WeightBasis = 'equal' | 'weight' | 'budget' | `quantity:${string}`;

/** Weights and quantities are kept as whole numbers of 0.0001 of their unit. */
export const scale = 10_000;

/** A weight or a quantity as it is kept; never -0, which is stored as 0 and would differ from it for ever. */
export function scaled(value: number): number {
  return Math.round(value * scale) + 0;
}

/** A part of the measured scope: 563 户 is `{code: 'households', valueScaled: 5_630_000, unit: '户'}`. */
export interface Quantity {
  code: string;
  valueScaled: number;
  unit: string;
}

export interface Location {
  description: string | null;
  latitude: number | null;
  longitude: number | null;
}

export type ProjectTranslations = Record<string, { title?: string; description?: string }>;

/** What a client says of a project; every field present. */
export interface ProjectFacts {
  title: string;
  translations: ProjectTranslations;
  description: string | null;
  kind: ProjectKind;
  category: string | null;
  status: ProjectStatus;
  type: ProjectType | null;
  sector: string[];
  organizationId: string;
  parentId: string | null;
  startDate: CalendarDate | null;
  endDate: CalendarDate | null;
  budgetMinor: number | null;
  budgetCurrency: string | null;
  quantities: Quantity[];
  weightScaled: number | null;
  weightBasis: WeightBasis;
  progressBasis: ProgressBasis;
  /** How often it is to be reported; null: as the rules of its organization say. */
  cadence: ReportCadence | null;
  tags: string[];
  location: Location | null;
  citation: Citation | null;
}

/**
 * A project as it stands: programme, project or component, a node of a tree of at most ten levels, owned by an
 * organization. Its `revision` grows by one with every change of its facts; sending what is there changes nothing.
 */
export interface Project extends ProjectFacts {
  id: string;
  revision: number;
  createdAt: Instant;
  updatedAt: Instant;
  archivedAt: Instant | null;
}

/** Stands for the day from which a project's first status holds: nobody said since when. */
export const sinceUnknown: CalendarDate = '0001-01-01';

/** A status and the day from which it holds. */
export interface StatusEntry {
  projectId: string;
  /** {@link sinceUnknown} for the status that the project was registered with. */
  asOf: CalendarDate;
  status: ProjectStatus;
  reason: string | null;
  recordedAt: Instant;
  recordedBy: string;
}
