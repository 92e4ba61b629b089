/** What a project was said to be, from some moment on. */
export interface Facts {
  parentId: string | null;
  isArchived: boolean;
  weight: number | null;
  weightBasis: string;
  progressBasis: string;
  budget: { amount: number; currency: string } | null;
  quantities: readonly { code: string; value: number; unit: string }[];
  period: { startDate: string | null; endDate: string | null };
  cadence: string | null;
}

/** The light rules of the organization that owns all of them. */
export interface Rules {
  yellowBehind: number;
  redBehind: number;
  silentAfterDays: number;
}

const rulesOfNobody: Rules = { yellowBehind: 10, redBehind: 30, silentAfterDays: 38 };

export interface Said {
  percent: number | null;
  qualifier: string;
  quantities: readonly { code: string; value: number }[];
  spent: { amount: number; currency: string } | null;
  reason: string | null;
}

/** By day. */
export type Plan = readonly { date: string; percent: number }[];

/** A milestone; `day` is that by which it was met, be it in part, and null where it was not. */
export interface MilestoneSaid {
  weight: number | null;
  isMet: boolean;
  day: string | null;
  isArchived: boolean;
}

interface Recorded<T> {
  projectId: string;
  /** When we were told, in milliseconds. */
  atMs: number;
  value: T;
}

/** What was said of a day; null where it was taken back. */
type OfDay<T> = Recorded<T | null> & { day: string };

/** Everything that was told and accepted, in its order. Nothing is ever changed in it. */
export class History {
  readonly #facts: Recorded<Facts>[] = [];
  readonly #reports: OfDay<Said>[] = [];
  readonly #statuses: OfDay<string>[] = [];
  readonly #plans: Recorded<Plan | null>[] = [];
  readonly #rules: { atMs: number; value: Rules | null }[] = [];
  readonly #milestones: (Recorded<MilestoneSaid> & { id: string })[] = [];

  tellFacts(projectId: string, atMs: number, value: Facts): void {
    this.#facts.push({ projectId, atMs, value });
  }

  tellReport(projectId: string, day: string, atMs: number, value: Said | null): void {
    this.#reports.push({ projectId, day, atMs, value });
  }

  tellStatus(projectId: string, day: string, atMs: number, value: string | null): void {
    this.#statuses.push({ projectId, day, atMs, value });
  }

  /** Null where it was taken back. */
  tellPlan(projectId: string, atMs: number, value: Plan | null): void {
    this.#plans.push({ projectId, atMs, value });
  }

  /** Null where they were taken back. */
  tellRules(atMs: number, value: Rules | null): void {
    this.#rules.push({ atMs, value });
  }

  rulesAt(momentMs: number): Rules {
    return lastOf(this.#rules.filter(({ atMs }) => atMs <= momentMs)) ?? rulesOfNobody;
  }

  tellMilestone(projectId: string, id: string, atMs: number, value: MilestoneSaid): void {
    this.#milestones.push({ projectId, id, atMs, value });
  }

  /** The milestones as known at a moment, archived ones among them. */
  milestonesAt(projectId: string, momentMs: number): ReadonlyMap<string, MilestoneSaid> {
    const known = this.#milestones.filter((each) => each.projectId === projectId && each.atMs <= momentMs);
    return new Map(known.map(({ id, value }) => [id, value]));
  }

  /** The moments at which anything was told. */
  get moments(): number[] {
    const all = [
      ...this.#facts,
      ...this.#reports,
      ...this.#statuses,
      ...this.#plans,
      ...this.#milestones,
      ...this.#rules,
    ];
    return all.map(({ atMs }) => atMs);
  }

  /** The projects that were known at a moment. */
  projectsAt(momentMs: number): string[] {
    return [...new Set(this.#facts.filter(({ atMs }) => atMs <= momentMs).map(({ projectId }) => projectId))];
  }

  /** What the project was said to be, as known at a moment; null if it was not known. */
  factsAt(projectId: string, momentMs: number): Facts | null {
    return lastOf(this.#facts.filter((each) => each.projectId === projectId && each.atMs <= momentMs));
  }

  /** The project's own plan, as known at a moment; null if it had none. */
  planAt(projectId: string, momentMs: number): Plan | null {
    return lastOf(this.#plans.filter((each) => each.projectId === projectId && each.atMs <= momentMs));
  }

  /** What was in force at a moment, by day. */
  reportsAt(projectId: string, momentMs: number): { day: string; value: Said }[] {
    return inForce(this.#reports, projectId, momentMs);
  }

  /** The status on a day as known at a moment: the newest one; before the first, the first. */
  statusAt(projectId: string, day: string, momentMs: number): string | null {
    const entries = inForce(this.#statuses, projectId, momentMs);
    return lastOf(entries.filter((entry) => entry.day <= day)) ?? entries[0]?.value ?? null;
  }
}

function lastOf<T>(recorded: readonly { value: T }[]): T | null {
  return recorded.at(-1)?.value ?? null;
}

function inForce<T>(
  all: readonly OfDay<T>[],
  projectId: string,
  momentMs: number,
): { day: string; value: T }[] {
  const known = all.filter((each) => each.projectId === projectId && each.atMs <= momentMs);
  const days = [...new Set(known.map(({ day }) => day))].sort();
  return days.flatMap((day) => {
    const value = lastOf(known.filter((each) => each.day === day));
    return value === null ? [] : [{ day, value }];
  });
}
