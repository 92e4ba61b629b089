import type { Answer, Effect, Write } from './write.ts';

export interface HeldReport {
  asOf: string;
  revision: number;
  percent: number;
  note: string | null;
  reason: string | null;
  withdrawn: boolean;
}

export interface HeldProject {
  id: string;
  title: string;
  parentId: string | null;
  revision: number;
  /** By day. */
  reports: HeldReport[];
}

/** What one client knows to be there, of the things that nobody else writes, and what it can ask for again. */
export class Holdings {
  /** The client's name, which its projects begin with. */
  readonly name: string;
  readonly random: () => number;
  readonly projects = new Map<string, HeldProject>();
  /** Writes with an `Idempotency-Key`, and how each was answered. */
  readonly answered: { write: Write; answer: Answer }[] = [];
  #count = 0;

  constructor(name: string, random: () => number) {
    this.name = name;
    this.random = random;
  }

  /** A word that was not used before. */
  newWord(): string {
    this.#count += 1;
    return `${this.name}-${this.#count}`;
  }

  /** @param id that of the thing, where the effect did not know it */
  take({ subjectType, subjectId, after }: Effect, id = subjectId ?? ''): void {
    if (subjectType === 'project') this.#takeProject(id, after as Partial<HeldProject>);
    if (subjectType === 'report') this.#takeReport(id, after as Partial<HeldReport>);
  }

  /** One of them; undefined where there is none. */
  oneOf<T>(choices: readonly T[]): T | undefined {
    return choices[Math.floor(this.random() * choices.length)];
  }

  /** A whole number from 1 to `most`. */
  upTo(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }

  #takeProject(id: string, said: Partial<HeldProject>): void {
    const held = this.projects.get(id) ?? { id, title: '', parentId: null, revision: 0, reports: [] };
    this.projects.set(id, { ...held, ...said });
  }

  #takeReport(id: string, said: Partial<HeldReport>): void {
    const [projectId = '', asOf = ''] = id.split('/');
    const reports = this.projects.get(projectId)?.reports ?? [];
    const index = reports.findLastIndex((report) => report.asOf === asOf);
    if (index === -1) reports.push({ asOf, ...said } as HeldReport);
    else reports[index] = { ...(reports[index] as HeldReport), ...said };
  }
}

/** What the newest report in force says; 0 where there is none. */
export function newestPercent({ reports }: HeldProject): number {
  return reports.findLast((report) => !report.withdrawn)?.percent ?? 0;
}
