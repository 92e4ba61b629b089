import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';
import { sendProblem } from './problems.ts';

/**
 * Answers what no route takes: 405 with `Allow` where the address exists but not for this method, 404 otherwise. To be
 * called before the first route. It costs a route nothing: the addresses are looked through only once a request has
 * missed them all.
 */
export function answerWithoutRoute(app: App): void {
  const addresses = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // Swagger UI's own files, of which some share a pattern, and what answers browsers that ask beforehand.
    if (url.startsWith('/docs/') || url === '*') return;
    const address = addresses.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const each of [method].flat()) address.methods.add(each.toUpperCase());
    addresses.set(url, address);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = decoded(request.url.split('?', 1)[0] ?? '');
    const there = [...addresses.values()].filter(({ pattern }) => pattern.test(path));
    if (there.length === 0) {
      return sendProblem(request, reply, new JinduError('not_found', 'nothing has this address'));
    }
    const allow = [...new Set(there.flatMap(({ methods }) => [...methods]))].sort().join(', ');
    const detail = `${request.method} does not apply here; there is ${allow}`;
    return sendProblem(request, reply.header('allow', allow), new JinduError('method_not_allowed', detail));
  });
}

/** Of `/v1/projects/:id`, what such an address looks like. */
function patternOf(url: string): RegExp {
  const parts = url.split(/:\w+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

/** As the router reads it. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
