import { Type } from '@sinclair/typebox';
import type { Database, ReadUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { once } from '../../http/idempotency.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import {
  conditionalHeaders,
  creatingHeaders,
  idempotencyHeaders,
  idParams,
  verdictOn,
} from '../../http/resource.ts';
import { CalendarDay, closed, ref } from '../../http/schemas.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import { foreseenNode } from '../projects/index.ts';
import {
  DatedReportInput,
  factsFrom,
  Reason,
  ReportInput,
  ReportPage,
  ReportRevisions,
  ReportShape,
  shapeOf,
} from './schemas.ts';
import { getReport, getRevisions, pageOfReports, postReport, putReport, withdrawReport } from './service.ts';
import type { ReportSort } from './store.ts';

const tags = ['reports'];
const params = idParams('The project’s id.', 'yueping-estate-renovation');
const reportParams = closed({
  ...params.properties,
  asOf: CalendarDay('The day that the report speaks of.'),
});
const refusals = [
  'not_found',
  'archived',
  'future_date',
  'progress_falls',
  'stated_unreadable',
  'unprocessable',
] as const;

/** @param timeZone decides which day is today */
export function reportRoutes(app: App, database: Database, timeZone: string): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);

  app.get(
    '/v1/projects/:id/reports',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found'],
      },
      schema: {
        operationId: 'listReports',
        tags,
        summary: 'The reports of a project, by day',
        params,
        querystring: listQuery(
          {
            from: Type.Optional(CalendarDay('Only those of this day or later.', '2023-01-01')),
            to: Type.Optional(CalendarDay('Only those of this day or earlier.')),
            withdrawn: Type.Boolean({
              default: false,
              description: 'true: those that were taken back instead.',
            }),
          },
          ['asOf'],
        ),
        response: { 200: ref(ReportPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<ReportSort>(request.query);
      const found = await database.read((unit) =>
        pageOfReports(unit, request.actor, request.params.id, request.query, page),
      );
      return sendPage(request, reply, { ...found, items: found.items.map(shapeOf) }, ReportShape);
    },
  );

  app.post(
    '/v1/projects/:id/reports',
    {
      config: { access: 'report', refuses: [...refusals, 'conflict', 'idempotency_mismatch'] },
      schema: {
        operationId: 'createReport',
        tags,
        summary: 'Report progress; PUT is for corrections',
        params,
        headers: idempotencyHeaders,
        body: ref(DatedReportInput),
        response: { 200: ref(ReportShape), 201: ref(ReportShape) },
      },
    },
    async (request, reply) => {
      const { asOf, ...body } = request.body;
      const said = { projectId: request.params.id, asOf, facts: factsFrom(body) };
      return await once(
        database,
        request,
        reply,
        async (unit) => {
          const { report, verdict } = await postReport(unit, request.actor, said, today(unit));
          const location = `/v1/projects/${report.projectId}/reports/${report.asOf}`;
          return { status: verdict === 'created' ? 201 : 200, location, verdict, body: shapeOf(report) };
        },
        foreseenNode(said.projectId),
      );
    },
  );

  app.get(
    '/v1/projects/:id/reports/:asOf',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'getReport',
        tags,
        summary: 'The report of a day',
        params: reportParams,
        response: { 200: ref(ReportShape) },
      },
    },
    async (request) =>
      shapeOf(
        await database.read((unit) => getReport(unit, request.actor, request.params.id, request.params.asOf)),
      ),
  );

  app.put(
    '/v1/projects/:id/reports/:asOf',
    {
      config: { access: 'report', refuses: [...refusals, 'precondition_failed'] },
      schema: {
        operationId: 'putReport',
        tags,
        summary: 'Report or correct the progress of a day; the same again changes nothing',
        params: reportParams,
        headers: creatingHeaders,
        body: ref(ReportInput),
        response: { 200: ref(ReportShape), 201: ref(ReportShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, asOf } = request.params;
      const said = { projectId, asOf, asOfPointer: '{asOf}', facts: factsFrom(request.body) };
      const expectation = expectationOf(request);
      const { report, verdict } = await database.write(
        (unit) => putReport(unit, request.actor, said, expectation, today(unit)),
        foreseenNode(projectId),
      );
      verdictOn(reply, verdict);
      return shapeOf(report);
    },
  );

  app.delete(
    '/v1/projects/:id/reports/:asOf',
    {
      config: { access: 'report', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'withdrawReport',
        tags,
        summary: 'Take a report back: it counts no longer, and stays readable',
        params: reportParams,
        querystring: closed({ reason: Type.Optional(Reason) }),
        headers: conditionalHeaders,
        response: { 200: ref(ReportShape) },
      },
    },
    async (request, reply) => {
      const { id, asOf } = request.params;
      const reason = request.query.reason ?? null;
      const { report, verdict } = await database.write(
        (unit) => withdrawReport(unit, request.actor, id, asOf, reason, expectationOf(request)),
        foreseenNode(id),
      );
      verdictOn(reply, verdict);
      return shapeOf(report);
    },
  );

  app.get(
    '/v1/projects/:id/reports/:asOf/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listReportRevisions',
        tags,
        summary: 'Everything that was ever said of that day',
        params: reportParams,
        response: { 200: ref(ReportRevisions) },
      },
    },
    async (request) => {
      const { id, asOf } = request.params;
      const revisions = await database.read((unit) => getRevisions(unit, request.actor, id, asOf));
      return { items: revisions.map(shapeOf) };
    },
  );
}
