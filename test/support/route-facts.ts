import type { FastifyContextConfig, FastifySchema } from 'fastify';
import type { App } from '../../src/http/app.ts';

/** One route as the app registered it. */
export interface RouteFacts {
  method: string;
  /** The pattern, such as `/v1/organizations/:id`. */
  url: string;
  config: FastifyContextConfig;
  schema: FastifySchema;
}

/** Adds to `routes` whatever the app registers from now on; `HEAD` goes with its `GET` and is left out. */
export function keepRoutes(app: App, routes: RouteFacts[]): void {
  app.addHook('onRoute', ({ method, url, config = {}, schema = {} }) => {
    for (const each of [method].flat()) {
      if (each !== 'HEAD') routes.push({ method: each, url, config, schema });
    }
  });
}
