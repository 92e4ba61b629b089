import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type ErrorCode, errorCatalogue } from '../shared/errors.ts';
import type { App } from './app.ts';
import { Problem } from './schemas.ts';

interface Operation {
  operationId?: string;
  parameters?: {
    in?: string;
    name?: string;
    required?: boolean;
    description?: string;
    example?: unknown;
    schema?: { default?: unknown; type?: string };
  }[];
  responses?: Record<
    string,
    {
      description?: string;
      headers?: Record<string, object>;
      content?: Record<string, { schema?: unknown; examples?: object }>;
    }
  >;
  requestBody?: { required?: boolean; content?: Record<string, { schema?: unknown }> };
  security?: object[];
}

interface Document {
  components?: { schemas?: Record<string, object> };
  paths?: Record<string, Record<string, Operation>>;
}

/** What every protected route may refuse with, whatever it does. */
const everywhere: ErrorCode[] = [
  'validation_failed',
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'internal',
  'overloaded',
  'storage_unavailable',
];

const tags = [
  { name: 'projects', description: 'The registry: programmes, projects and their components.' },
  {
    name: 'reports',
    description: 'What was said about a project’s progress, as of a day. Never overwritten.',
  },
  { name: 'plans', description: 'The baseline of a project: how much is to be done by when.' },
  { name: 'milestones', description: 'Events of a project: when they are due, put off and met.' },
  {
    name: 'agreements',
    description: 'What the parties to a project have signed, and what they changed since.',
  },
  {
    name: 'parties',
    description: 'Who takes part in a deal, named or not, and how far they have come, as of a day.',
  },
  {
    name: 'funding',
    description: 'The money of a deal: what was sought, committed, arrived and taken back, as of a day.',
  },
  { name: 'lights', description: 'When a project is green, yellow, red or silent, for each organization.' },
  { name: 'progress', description: 'Where a project stands, on any day, as known at any moment.' },
  { name: 'portfolio', description: 'All projects of an organization or a programme at a glance.' },
  { name: 'deals', description: 'Projects seen through their parties, agreements and funding.' },
  { name: 'organizations', description: 'Who owns projects, as a tree.' },
  { name: 'changes', description: 'The record of who did what, when.' },
  { name: 'tokens', description: 'Access for people and scripts.' },
  { name: 'operations', description: 'Health and figures of the server itself.' },
];

/**
 * Describes the routes that are added after it: `/openapi.json`, and Swagger UI at `/docs`, served from this machine
 * alone. The components that routes refer to must be added to the app as well (see `addSchema`).
 */
export async function describeRoutes(
  app: App,
  options: { version: string; publicUrl: string | null },
): Promise<void> {
  const configOf = new Map<string, NonNullable<Parameters<App['route']>[0]['config']>>();
  app.addHook('onRoute', ({ schema, config }) => {
    if (schema?.operationId !== undefined && config !== undefined) configOf.set(schema.operationId, config);
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Jindu 进度',
        version: options.version,
        description:
          'Project-progress tracking for public works: what was reported, by whom and as of when; where each project stands on any day; exactly, and traceable to what was said.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: options.publicUrl ?? '/' }],
      tags,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token that was printed at the first start, or one made with `POST /v1/tokens`.',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
    transformObject: (document) => {
      const described = (
        'openapiObject' in document ? document.openapiObject : document.swaggerObject
      ) as Document;
      for (const operations of Object.values(described.paths ?? {})) {
        for (const [method, operation] of Object.entries(operations)) {
          completeOperation(operation, method, configOf.get(operation.operationId ?? '') ?? {});
        }
      }
      for (const [name, component] of Object.entries(described.components?.schemas ?? {})) {
        tellNames(component, app.getSchema(name));
      }
      return described as never;
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: false,
    uiConfig: {
      deepLinking: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      // Without the bar on top, whose field would load a description from anywhere else.
      layout: 'BaseLayout',
    },
    theme: { title: 'Jindu 进度: API' },
  });
  app.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getOpenapi',
        tags: ['operations'],
        summary: 'This description, as OpenAPI 3.1',
        hide: true,
      },
    },
    async () => app.swagger(),
  );
}

/**
 * Adds to a schema of the document under which names its fields may stand. The plugin knows only that there are such
 * fields: of `patternProperties` it keeps the values and loses the pattern.
 * @param source the schema that it was made from
 */
function tellNames(described: unknown, source: unknown): void {
  if (!isObject(described) || !isObject(source)) return;
  const [pattern] = Object.keys(source.patternProperties ?? {});
  if (pattern !== undefined) described.propertyNames = { pattern };
  for (const [key, inner] of Object.entries(source)) tellNames(described[key], inner);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

/** Adds what the law gives to every operation, so that no route has to say it. */
function completeOperation(
  operation: Operation,
  method: string,
  config: {
    access?: string;
    alsoAnswers?: Record<string, string>;
    alsoReads?: Record<string, { description: string; example?: string }>;
    mayLackBody?: boolean;
    refuses?: readonly ErrorCode[];
  },
): void {
  for (const parameter of operation.parameters ?? []) {
    if (parameter.schema?.default !== undefined) parameter.required = false;
    // Swagger UI sends the example of whatever may be left out, and so narrows every list to nothing.
    if (parameter.in !== 'query' || parameter.example === undefined) continue;
    parameter.description = `${parameter.description ?? ''} Such as \`${parameter.example}\`.`.trimStart();
    delete parameter.example;
  }
  if (config.mayLackBody === true && operation.requestBody !== undefined)
    operation.requestBody.required = false;
  operation.responses ??= {};
  const { responses } = operation;
  describeHeaders(operation, method);
  for (const [type, description] of Object.entries(config.alsoAnswers ?? {})) {
    const ok = responses['200'];
    if (ok === undefined) continue;
    ok.content = { ...ok.content, [type]: { schema: { type: 'string', description } } };
  }
  for (const [type, { description, example }] of Object.entries(config.alsoReads ?? {})) {
    const json = operation.requestBody?.content?.['application/json'];
    if (json === undefined || operation.requestBody?.content === undefined) continue;
    operation.requestBody.content[type] = type.endsWith('+json')
      ? json
      : {
          schema: { type: 'string', description, ...(example === undefined ? {} : { examples: [example] }) },
        };
  }
  if (config.access !== undefined && config.access !== 'public') {
    operation.security = [{ token: [] }];
    for (const code of [...everywhere, ...(config.refuses ?? [])]) addRefusal(responses, code);
    // Also where no body is asked for: one that comes all the same is read.
    if (method !== 'get')
      for (const code of ['payload_too_large', 'unsupported_media_type'] as const)
        addRefusal(responses, code);
  } else {
    operation.security = [];
    for (const code of ['rate_limited', 'internal', ...(config.refuses ?? [])] as ErrorCode[])
      addRefusal(responses, code);
  }
}

/** The headers of the answers, and of the questions that depend on what was answered before. */
function describeHeaders(operation: Operation, method: string): void {
  const { responses = {}, parameters = [] } = operation;
  const asksFor = (name: string) => parameters.some((each) => each.in === 'header' && each.name === name);
  const kinds = Object.keys(responses['200']?.content ?? {});
  const isTagged = kinds.some((kind) => kind === 'application/json' || kind === 'image/svg+xml');
  for (const [status, response] of Object.entries(responses)) {
    if (!status.startsWith('2')) continue;
    const headers: Record<string, object> = {};
    if (isTagged || status === '201')
      headers.ETag = headerOf('What `If-None-Match` and `If-Match` are given.');
    if (isPage(response)) headers.Link = headerOf('`<…>; rel="next"`, while there is more.');
    if (status === '201') headers.Location = headerOf('Where it is, of what was made by a `POST`.');
    if (method === 'put' || method === 'patch')
      headers['Jindu-Verdict'] = headerOf('What it came to, such as `created` or `unchanged`.');
    if (asksFor('idempotency-key'))
      headers['Idempotency-Replayed'] = headerOf('`true` on an answer that was given before.');
    response.headers = { ...headers, ...response.headers };
  }
  if (method !== 'get' || !isTagged) return;
  parameters.push({
    in: 'header',
    name: 'if-none-match',
    required: false,
    description: 'An `ETag` as last read: answered 304 if it is still the same.',
    schema: { type: 'string' },
  });
  operation.parameters = parameters;
  responses['304'] = { description: 'It is as it was read', headers: { ETag: headerOf('As it was sent.') } };
}

function isPage({ content }: { content?: Record<string, { schema?: unknown }> }): boolean {
  const { $ref } = (content?.['application/json']?.schema ?? {}) as { $ref?: string };
  return $ref?.endsWith('Page') ?? false;
}

function headerOf(description: string): object {
  return { description, schema: { type: 'string' } };
}

function addRefusal(responses: NonNullable<Operation['responses']>, code: ErrorCode): void {
  const { status, title, meaning } = errorCatalogue[code];
  const type = 'application/problem+json';
  const response = responses[status] ?? { description: '', content: {} };
  responses[status] = response;
  const told = `\`${code}\`: ${title}`;
  if (response.description?.includes(`\`${code}\``) === true) return;
  response.description = response.description ? `${response.description} · ${told}` : told;
  if (status === 429 || status === 503)
    response.headers = { 'Retry-After': headerOf('Seconds to wait before the same is sent again.') };
  const content = response.content?.[type] ?? { schema: { $ref: `#/components/schemas/${Problem.$id}` } };
  const example = { ...problemExample, type: `/docs/errors#${code}`, title, status, code, detail: meaning };
  content.examples = {
    ...content.examples,
    [code]: { value: { ...example, errors: exampleErrors[code] ?? [] } },
  };
  response.content = { ...response.content, [type]: content };
}

const [problemExample] = Problem.examples as [Record<string, unknown>];

/** The field that is named where a code always names one. */
const exampleErrors: Partial<Record<ErrorCode, unknown>> = {
  validation_failed: problemExample.errors,
  progress_falls: [
    { pointer: '/reason', code: 'required', message: 'is required where progress falls: say why' },
  ],
  stage_goes_back: [
    { pointer: '/reason', code: 'required', message: 'is required where a party goes back to a stage' },
  ],
  amount_falls: [
    { pointer: '/reason', code: 'required', message: 'is required where an amount falls: say why' },
  ],
  arrived_exceeds_committed: [
    {
      pointer: '/reason',
      code: 'required',
      message: 'is required where more has arrived than was committed: say why',
    },
  ],
  stated_unreadable: [
    { pointer: '/stated', code: 'stated_unreadable', message: 'must say one percent, such as 85%以上' },
  ],
};
