import type { Answer, TestApp } from '../support/index.ts';
import { falls } from './falling.ts';
import { type Facts, History, type Rules, type Said } from './history.ts';
import {
  type Change,
  type MilestoneStep,
  projects,
  quantityCodes,
  type ReportStep,
  type Step,
} from './steps.ts';

const forEver = '9999-12-31';

/** A tree of projects of its own in an app, and the history of what was accepted about it. */
export class World {
  readonly history = new History();
  readonly #app: TestApp;
  readonly #name: string;

  readonly #firstMs: number;

  private constructor(app: TestApp, name: string) {
    this.#app = app;
    this.#name = name;
    this.#firstMs = this.nowMs;
  }

  /** Every project below the one with half its number. */
  static async create(app: TestApp, name: string): Promise<World> {
    const world = new World(app, name);
    const organization = { name: '社区', kind: 'community', parentId: 'yueping' };
    await app.admin.put(`/v1/organizations/${world.#organizationId}`, organization);
    for (const number of projects) {
      app.clock.advance({ seconds: 1 });
      const facts: Facts = {
        parentId: number === 0 ? null : world.idOf(Math.floor((number - 1) / 2)),
        isArchived: false,
        weight: null,
        weightBasis: 'equal',
        progressBasis: 'auto',
        budget: null,
        quantities: quantityCodes
          .slice(0, number % 3)
          .map((code) => ({ code, value: 50 + number, unit: '户' })),
        period: { startDate: null, endDate: null },
        cadence: null,
      };
      const { isArchived: _, ...body } = facts;
      const made = {
        id: world.idOf(number),
        title: `第${number}号`,
        organizationId: world.#organizationId,
        ...body,
      };
      const answer = await app.admin.post('/v1/projects', made);
      if (answer.status !== 201) throw new Error(answer.text);
      world.history.tellFacts(world.idOf(number), world.nowMs, facts);
      world.history.tellStatus(world.idOf(number), '0001-01-01', world.nowMs, 'identification');
    }
    return world;
  }

  get #organizationId(): string {
    return `${this.#name}-owner`;
  }

  idOf(number: number): string {
    return `${this.#name}-${number}`;
  }

  get nowMs(): number {
    return this.#app.clock.now().getTime();
  }

  get today(): string {
    return dayAt(this.nowMs);
  }

  /** The day that lies so many after the one on which the projects were made. */
  dayOf(number: number): string {
    return dayAt(this.#firstMs + number * 86_400_000);
  }

  /** Does the step through the API and keeps what was accepted. Answers what was decided wrongly; empty if nothing was. */
  async take(step: Step): Promise<string[]> {
    const day = 'day' in step ? this.dayOf(step.day) : '';
    switch (step.kind) {
      case 'report':
        return await this.#report(step.report, step.by);
      case 'batch':
        return await this.#batch(step.reports);
      case 'withdraw': {
        const { status } = await this.#send('DELETE', `${step.project}/reports/${day}`);
        if (status === 200) this.history.tellReport(this.idOf(step.project), day, this.nowMs, null);
        return unlessServed(status);
      }
      case 'change':
        return await this.#change(step.project, step.change);
      case 'archive':
      case 'restore':
        return await this.#archive(step.project, step.kind === 'archive');
      case 'status': {
        const body = { status: step.status };
        const { status } = await this.#send('PUT', `${step.project}/statuses/${day}`, body);
        if (status < 300) this.history.tellStatus(this.idOf(step.project), day, this.nowMs, step.status);
        return unlessServed(status);
      }
      case 'rules':
        return await this.#setRules(step.rules);
      case 'milestone':
        return await this.#milestone(step.milestone);
      case 'archiveMilestone':
      case 'restoreMilestone':
        return await this.#archiveMilestone(step, step.kind === 'archiveMilestone');
      case 'withdrawStatus': {
        const { status } = await this.#send('DELETE', `${step.project}/statuses/${day}`);
        if (status === 200) this.history.tellStatus(this.idOf(step.project), day, this.nowMs, null);
        return unlessServed(status);
      }
      case 'plan': {
        const points = step.points.map(({ day, percent }) => ({ date: this.dayOf(day), percent }));
        const { status } = await this.#send('PUT', `${step.project}/plan`, { points });
        if (status < 300) this.history.tellPlan(this.idOf(step.project), this.nowMs, points);
        return unlessServed(status);
      }
      case 'withdrawPlan': {
        const { status } = await this.#send('DELETE', `${step.project}/plan`);
        if (status === 200) this.history.tellPlan(this.idOf(step.project), this.nowMs, null);
        return unlessServed(status);
      }
    }
  }

  async #report(report: ReportStep, by: 'PUT' | 'POST'): Promise<string[]> {
    const body = bodyOf(report);
    const answer =
      by === 'PUT'
        ? await this.#send('PUT', `${report.project}/reports/${this.dayOf(report.day)}`, body)
        : await this.#send('POST', `${report.project}/reports`, { asOf: this.dayOf(report.day), ...body });
    return this.#told(report, answer.headers['jindu-verdict'], answer.body?.code ?? null, answer.status);
  }

  async #batch(reports: readonly ReportStep[]): Promise<string[]> {
    const rows = reports.map((report) => ({
      projectId: this.idOf(report.project),
      asOf: this.dayOf(report.day),
      ...bodyOf(report),
    }));
    const { status, body } = await this.#app.admin.post('/v1/report-batches?atomic=false', rows);
    if (status !== 200) return [`a batch is answered ${status}`];
    return reports.flatMap((report, index) => {
      const { verdict, problem } = body.rows[index];
      return this.#told(report, verdict, problem?.code ?? null, status);
    });
  }

  /** Takes in what became of a report, and holds it against the rule of what may fall. */
  #told(report: ReportStep, verdict: string | undefined, code: string | null, status: number): string[] {
    const id = this.idOf(report.project);
    const day = this.dayOf(report.day);
    const said = saidIn(report);
    const isKept = ['created', 'corrected', 'unchanged'].includes(verdict ?? '');
    const mayNotFall = falls(this.history, id, day, said, this.nowMs);
    const wrong = unlessServed(status);
    if (code === 'progress_falls' && !mayNotFall) wrong.push('what does not fall is refused as if it did');
    if (isKept && verdict !== 'unchanged' && mayNotFall)
      wrong.push('what falls is accepted without a reason');
    if (isKept) this.history.tellReport(id, day, this.nowMs, said);
    return wrong;
  }

  async #change(number: number, change: Change): Promise<string[]> {
    const id = this.idOf(number);
    const { parent, period, ...rest } = change;
    const body: Record<string, unknown> = { ...rest };
    if (parent !== undefined) body.parentId = parent === null ? null : this.idOf(parent);
    if (period !== undefined) {
      const [startDate, endDate] = [period.start, period.end].map((day) =>
        day === null ? null : this.dayOf(day),
      );
      body.period = { startDate, endDate };
    }
    const { status } = await this.#send('PATCH', `${number}`, body);
    if (status !== 200) return unlessServed(status);
    const { status: projectStatus, ...facts } = body;
    const before = this.history.factsAt(id, this.nowMs) as Facts;
    this.history.tellFacts(id, this.nowMs, { ...before, ...facts } as Facts);
    const present = this.history.statusAt(id, forEver, this.nowMs);
    if (projectStatus !== undefined && projectStatus !== present) {
      this.history.tellStatus(id, this.today, this.nowMs, String(projectStatus));
    }
    return [];
  }

  async #archive(number: number, isArchived: boolean): Promise<string[]> {
    const id = this.idOf(number);
    const { status } = isArchived
      ? await this.#send('DELETE', `${number}`)
      : await this.#send('POST', `${number}/restoration`);
    if (status !== 200) return unlessServed(status);
    const before = this.history.factsAt(id, this.nowMs) as Facts;
    this.history.tellFacts(id, this.nowMs, { ...before, isArchived });
    return [];
  }

  async #setRules(rules: Rules | null): Promise<string[]> {
    const path = `/v1/organizations/${this.#organizationId}/light-rules`;
    const { status } =
      rules === null ? await this.#app.admin.delete(path) : await this.#app.admin.put(path, rules);
    if (status < 300) this.history.tellRules(this.nowMs, rules);
    return unlessServed(status);
  }

  async #milestone(step: MilestoneStep): Promise<string[]> {
    const { project, milestone, weight, status } = step;
    const isReached = status === 'met' || status === 'partiallyMet';
    const day = isReached ? this.dayOf(step.day) : null;
    const field = status === 'met' && step.isDayKnown ? 'dateMet' : 'metBy';
    const body = { title: `第${milestone}步`, weight, status, [field]: day };
    const answer = await this.#send('PUT', `${project}/milestones/step-${milestone}`, body);
    if (answer.status >= 300) return unlessServed(answer.status);
    const said = { weight, isMet: status === 'met', day, isArchived: false };
    this.history.tellMilestone(this.idOf(project), `step-${milestone}`, this.nowMs, said);
    return [];
  }

  async #archiveMilestone(
    { project, milestone }: { project: number; milestone: number },
    isArchived: boolean,
  ): Promise<string[]> {
    const id = `step-${milestone}`;
    const path = `${project}/milestones/${id}`;
    const { status } = isArchived
      ? await this.#send('DELETE', path)
      : await this.#send('POST', `${path}/restoration`);
    if (status !== 200) return unlessServed(status);
    const before = this.history.milestonesAt(this.idOf(project), this.nowMs).get(id);
    if (before === undefined) return ['a milestone that nobody made is archived'];
    this.history.tellMilestone(this.idOf(project), id, this.nowMs, { ...before, isArchived });
    return [];
  }

  /** Asks for something of one of the projects, by the rest of its address. */
  async ask(number: number, rest: string): Promise<Answer> {
    return await this.#send('GET', `${number}/${rest}`);
  }

  #send(method: string, rest: string, payload?: object): Promise<Answer> {
    return this.#app.admin.send(method, `/v1/projects/${this.#name}-${rest}`, { payload });
  }
}

/** By the clock of 衡阳, which is eight hours ahead. */
function dayAt(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
}

function unlessServed(status: number): string[] {
  return status < 500 ? [] : [`it is answered ${status}`];
}

function bodyOf(report: ReportStep): object {
  const { percent, qualifier, done, spent, reason } = report;
  return {
    percent,
    qualifier,
    quantities: Object.entries(done).map(([code, value]) => ({ code, value })),
    spent: spent === null ? null : { amount: spent, currency: 'CNY' },
    reason: reason ? '更正' : null,
  };
}

function saidIn(report: ReportStep): Said {
  return bodyOf(report) as Said;
}
