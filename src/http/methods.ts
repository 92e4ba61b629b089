import type { HTTPMethods } from 'fastify';
import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';

const known: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/**
 * Answers 405 with `Allow` where an address exists but not for this method. To be called before the first route; what
 * it returns, after the last.
 */
export function refuseOtherMethods(app: App): () => void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each.toUpperCase());
    methodsOf.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      // Swagger UI's own files, of which some share a pattern, and what answers browsers that ask beforehand.
      if (url.startsWith('/docs/') || url === '*') continue;
      const allow = [...methods].sort().join(', ');
      app.route({
        method: known.filter((method) => !methods.has(method)),
        url,
        config: { access: 'public' },
        schema: { hide: true },
        handler: (request, reply) => {
          reply.header('allow', allow);
          throw new JinduError(
            'method_not_allowed',
            `${request.method} does not apply here; there is ${allow}`,
          );
        },
      });
    }
  };
}
