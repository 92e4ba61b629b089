import type { Operation } from './operation.ts';

export interface BadBody {
  payload: object | string;
  pointer: string | RegExp;
  status?: number;
}

/** Bodies that the operation must refuse, made from its own example and schema. */
export function badBodiesOf(operation: Operation): BadBody[] {
  const { body = {}, exampleBody = {}, method } = operation;
  const notJson = ['{"a":', 'NaN', "{'a': 1}", '{"a":1}{', '{"__proto__": {"a": 1}}'].map((payload) => ({
    payload,
    pointer: '',
  }));
  const scalars = ['5', '"text"', 'null', 'true'].map((payload) => ({ payload, pointer: '' }));
  if (body.type === 'array')
    return [...notJson, ...scalars, { payload: {}, pointer: '' }, { payload: [], pointer: '' }];

  const example = exampleBody as Record<string, unknown>;
  const properties = Object.entries(body.properties ?? {});
  return [
    ...notJson,
    ...scalars,
    { payload: [], pointer: '' },
    ...(method === 'PATCH' ? [{ payload: {}, pointer: '' }] : []),
    { payload: { ...example, unheardOf: 1 }, pointer: '/unheardOf' },
    ...['revision', 'createdAt', 'archivedAt', 'recordedBy'].map((made) => ({
      payload: { ...example, [made]: null },
      pointer: `/${made}`,
    })),
    ...(body.required ?? []).map((name) => {
      const { [name]: _, ...rest } = example;
      return { payload: rest, pointer: `/${name}` };
    }),
    ...properties.map(([name]) => ({
      payload: { ...example, [name]: [[[]]] },
      pointer: new RegExp(`^/${name}`),
    })),
    ...properties
      .filter(([, { type }]) => [type].flat().includes('string'))
      .flatMap(([name]) => [
        { payload: { ...example, [name]: 'a\0b' }, pointer: `/${name}` },
        {
          payload: JSON.stringify({ ...example, [name]: 'x' }).replace('"x"', '"\\ud800"'),
          pointer: `/${name}`,
        },
        { payload: { ...example, [name]: 5 }, pointer: `/${name}` },
      ]),
    ...properties
      .filter(([, { type }]) => [type].flat().some((each) => each === 'number' || each === 'integer'))
      .flatMap(([name]) => [
        {
          payload: JSON.stringify({ ...example, [name]: 7 }).replace(`"${name}":7`, `"${name}":1e400`),
          pointer: `/${name}`,
        },
        { payload: { ...example, [name]: '7' }, pointer: `/${name}` },
        { payload: { ...example, [name]: -1 }, pointer: `/${name}` },
      ]),
  ];
}
