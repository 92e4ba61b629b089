import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { distance } from 'fastest-levenshtein';

/**
 * Everything that can be set from outside, and the only place that reads the environment. docs/configuration.md is held
 * to this table by a test: each setting with its default, and no other.
 */
export const settings = {
  host: setting({
    name: 'HOST',
    default: '127.0.0.1',
    description: 'The address to listen on. `0.0.0.0` or `::` listens on all of them, as a container must.',
    parse: readHost,
  }),
  port: setting({
    name: 'PORT',
    default: '3000',
    description: 'The TCP port to listen on; `0` takes any free one.',
    parse: wholeNumber(0, 65_535),
  }),
  database: setting({
    name: 'DATABASE_URL',
    default: 'file:./data/jindu.db',
    secret: true,
    description:
      'Where the data lives: `file:` and the path of the SQLite file, taken as it is written and, unless absolute, from the working directory; missing folders are made. Or a PostgreSQL database, such as `postgres://user:password@host:5432/jindu`; see [PostgreSQL](postgresql.md).',
    parse: readDatabaseUrl,
  }),
  logLevel: setting({
    name: 'LOG_LEVEL',
    default: 'info',
    description:
      'The least serious kind of line that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace`, or `silent` for none.',
    parse: oneWordOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  }),
  adminToken: optionalSetting({
    name: 'JINDU_ADMIN_TOKEN',
    secret: true,
    description:
      'The secret of the token `configured-admin`, which may do everything: 24 to 200 of the characters `A-Z a-z 0-9 - . _ ~ + / =`. Another secret takes its place at the next start. Without it, an empty database gets an admin token that is printed once.',
    parse: readToken,
  }),
  publicRead: setting({
    name: 'JINDU_PUBLIC_READ',
    default: 'false',
    description: '`true` lets anybody read without a token, all but `/metrics` and `/v1/tokens`.',
    parse: readTruth,
  }),
  timeZone: setting({
    name: 'JINDU_TIME_ZONE',
    default: 'Asia/Shanghai',
    description: 'The IANA time zone that decides which day is today.',
    parse: readTimeZone,
  }),
  rateLimitPerToken: setting({
    name: 'JINDU_RATE_LIMIT_PER_TOKEN',
    default: '12000',
    description:
      'Requests per minute that one token may make; `0` sets no limit. A shell loop of curl makes about half the default.',
    parse: wholeNumber(0, 10_000_000),
  }),
  rateLimitPerAddress: setting({
    name: 'JINDU_RATE_LIMIT_PER_ADDRESS',
    default: '24000',
    description:
      'Requests per minute that one network address may make, with or without a token; `0` sets no limit. A whole office often shares one address.',
    parse: wholeNumber(0, 10_000_000),
  }),
  corsOrigins: setting({
    name: 'JINDU_CORS_ORIGINS',
    default: '',
    description:
      'The web pages that may call the API from a browser, as a comma-separated list of origins such as `https://example.org`. Empty: none but the API’s own.',
    parse: readOrigins,
  }),
  trustProxy: setting({
    name: 'JINDU_TRUST_PROXY',
    default: 'false',
    description:
      'The proxies whose `X-Forwarded-For` is believed, as a comma-separated list of addresses and CIDR ranges such as `10.0.0.0/8`; `false` for none.',
    parse: readProxies,
  }),
  maxEventLoopDelayMs: setting({
    name: 'JINDU_MAX_EVENT_LOOP_DELAY_MS',
    default: '500',
    description:
      'A request that others have kept waiting for longer than this is answered 503 `overloaded` with `Retry-After`, and so is a change that has waited for three times as long while more than a hundred wait; `0` never does.',
    parse: wholeNumber(0, 60_000),
  }),
  stopTimeoutMs: setting({
    name: 'JINDU_STOP_TIMEOUT_MS',
    default: '8000',
    description:
      'How long a stop may take before it is forced. The default is below the 10 seconds after which Docker kills.',
    parse: wholeNumber(100, 600_000),
  }),
  workers: setting({
    name: 'JINDU_WORKERS',
    default: '1',
    description:
      'How many processes answer on the port. On SQLite one of them writes for all; see [several processes](#several-processes).',
    parse: wholeNumber(1, 64),
  }),
  backupsKept: setting({
    name: 'JINDU_BACKUPS_KEPT',
    default: '5',
    description: 'How many of the copies that are made before migrations are kept.',
    parse: wholeNumber(1, 1_000),
  }),
  publicUrl: optionalSetting({
    name: 'JINDU_PUBLIC_URL',
    description:
      'The address under which clients reach the API, such as `https://jindu.example.org`; printed at the start and named in the OpenAPI document.',
    parse: readPublicUrl,
  }),
};

/** Where the data lives. A PostgreSQL database's `url` may hold a password; `shown` does not. */
export type DatabasePlace =
  | { readonly engine: 'sqlite'; readonly file: string; readonly shown: string }
  | { readonly engine: 'postgres'; readonly url: string; readonly shown: string };

/** What the process runs with: complete, checked, and frozen all the way down. */
export type Config = {
  readonly [Key in keyof typeof settings]: (typeof settings)[Key] extends Setting<infer Value>
    ? Value
    : never;
};

/** One thing that is wrong with the environment. `given` is null where nothing was, or where it must not be shown. */
export interface ConfigFault {
  readonly name: string;
  readonly given: string | null;
  readonly wanted: string;
}

/** All that is wrong with the environment, one line each in the message. No secret is in it. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      faults
        .map(
          ({ name, given, wanted }) =>
            `${name}${given === null ? '' : ` is ${JSON.stringify(given)}; it`} ${wanted}`,
        )
        .join('\n'),
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads all settings from `env`. An empty value counts as none. A secret may come from the file that `<NAME>_FILE`
 * names instead. White space around a value is no part of it.
 * @throws ConfigError with every fault there is; names that begin with `JINDU_` and are no setting are faults too
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const faults: ConfigFault[] = unknownNames(env);
  const values = Object.entries<Setting<unknown>>(settings).map(([key, each]) => {
    const text = textFor(each, env, readFile, faults) ?? each.default;
    if (text === null) return [key, null];
    const parsed = each.parse(text);
    if (parsed.ok) return [key, Array.isArray(parsed.value) ? Object.freeze(parsed.value) : parsed.value];
    faults.push({ name: each.name, given: each.secret ? null : withoutUser(text), wanted: parsed.wanted });
    return [key, null];
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(Object.fromEntries(values)) as Config;
}

export interface Setting<Value> {
  readonly name: string;
  /** As it would be written in the environment; null where the setting may be absent. */
  readonly default: string | null;
  /** A secret is never shown, and may be read from a file. */
  readonly secret: boolean;
  readonly description: string;
  readonly parse: (text: string) => Parsed<Value>;
}

/** `wanted` goes on from "it": "must be …". It must not repeat what a secret holds. */
type Parsed<Value> = { ok: true; value: Value } | { ok: false; wanted: string };

function setting<Value>(
  written: Omit<Setting<Value>, 'secret' | 'default'> & { default: string; secret?: true },
): Setting<Value> {
  return { ...written, secret: written.secret ?? false };
}

function optionalSetting<Value>(
  written: Omit<Setting<Value>, 'secret' | 'default'> & { secret?: true },
): Setting<Value | null> {
  return { ...written, default: null, secret: written.secret ?? false };
}

/**
 * What the environment says for one setting, or null. Faults in the saying are added to `faults`, without the path of a
 * secret's file: who takes `<NAME>_FILE` for `<NAME>` has written the secret itself there.
 */
function textFor(
  { name, secret }: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
  faults: ConfigFault[],
): string | null {
  const text = env[name]?.trim() || null;
  const fileName = `${name}_FILE`;
  const path = secret ? env[fileName]?.trim() || null : null;
  if (path === null) return text;
  if (text !== null) {
    faults.push({ name: fileName, given: null, wanted: `must not be set together with ${name}` });
    return null;
  }
  try {
    const read = readFile(path).trim();
    if (read !== '') return read;
    faults.push({ name: fileName, given: null, wanted: 'must name a file that is not empty' });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it failed';
    faults.push({ name: fileName, given: null, wanted: `must name a file that can be read (${reason})` });
  }
  return null;
}

/** An address that was written with a user and a password must not spread them. */
function withoutUser(text: string): string {
  return text.replace(/\/\/[^/]*@/g, '//');
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): ConfigFault[] {
  const known = Object.values<Setting<unknown>>(settings).flatMap(({ name, secret }) =>
    secret ? [name, `${name}_FILE`] : [name],
  );
  return Object.keys(env)
    .filter((name) => name.toUpperCase().startsWith('JINDU_') && !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known) ?? nearest(name.slice('JINDU_'.length), known);
      return {
        name,
        given: null,
        wanted: `is no setting of Jindu${meant === null ? '' : `; did you mean ${meant}?`}`,
      };
    });
}

/** The one of `candidates` that differs from `text` by a slip or two, or null. */
function nearest(text: string, candidates: readonly string[]): string | null {
  const upper = text.toUpperCase();
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.min(4, Math.floor(text.length / 5))) + 1;
  for (const candidate of candidates) {
    const steps = distance(upper, candidate.toUpperCase());
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}

function value<Value>(read: Value): Parsed<Value> {
  return { ok: true, value: read };
}

function fault(wanted: string): { ok: false; wanted: string } {
  return { ok: false, wanted };
}

function wholeNumber(minimum: number, maximum: number): (text: string) => Parsed<number> {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= minimum && number <= maximum
      ? value(number)
      : fault(`must be a whole number from ${minimum} to ${maximum}`);
  };
}

function oneWordOf<const Word extends string>(words: readonly Word[]): (text: string) => Parsed<Word> {
  return (text) => {
    const word = words.find((each) => each === text);
    return word === undefined ? fault(`must be one of ${words.join(', ')}`) : value(word);
  };
}

function readTruth(text: string): Parsed<boolean> {
  if (text !== 'true' && text !== 'false') return fault('must be true or false');
  return value(text === 'true');
}

function readHost(text: string): Parsed<string> {
  const isName = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i.test(text);
  const looksNumeric = /^[\d.]+$/.test(text);
  return isIP(text) !== 0 || (isName && !looksNumeric)
    ? value(text)
    : fault('must be an IP address or the name of a host, without a scheme or a port');
}

// What is wrong is told by the scheme alone: the rest may hold a password.
function readDatabaseUrl(text: string): Parsed<DatabasePlace> {
  if (/^postgres(?:ql)?:/i.test(text)) return readPostgresUrl(text);
  const example = 'such as file:./data/jindu.db';
  const path = /^file:(?:\/\/(?=\/))?(.*)$/s.exec(text)?.[1];
  if (path === undefined) {
    return fault(`must be file: and the path of an SQLite file, ${example}, or begin with postgres://`);
  }
  if (path.startsWith('//')) return fault(`must name no host, ${example} or file:///var/lib/jindu.db`);
  if (/[?#\0]/.test(path)) return fault('must be file: and a path without ?, # or NUL');
  if (/^$|^:|\/$|(?:^|\/)\.{1,2}$/.test(path)) return fault(`must name a file, ${example}`);
  return value(Object.freeze({ engine: 'sqlite', file: path, shown: path }));
}

function readPostgresUrl(text: string): Parsed<DatabasePlace> {
  const example = 'such as postgres://user:password@host:5432/jindu';
  const parts = /^postgres(?:ql)?:\/\/(?:[^/?#@]*@)?([^/?#@]*)\/([^/?#@]+)(?:\?[^#]*)?$/i.exec(text);
  const [, host = '', name = ''] = parts ?? [];
  // Without a host it may stand in the query, as for a socket; the address is read as one that has one.
  if (parts === null || !URL.canParse(host === '' ? text.replace(/\/\/[^/]*/, '//host') : text)) {
    return fault(`must name the server and the database, ${example}`);
  }
  return value(Object.freeze({ engine: 'postgres', url: text, shown: `postgres://${host}/${name}` }));
}

function readToken(text: string): Parsed<string> {
  return /^[\w.~+/=-]{24,200}$/.test(text)
    ? value(text)
    : fault('must be 24 to 200 of the characters A-Z a-z 0-9 - . _ ~ + / =');
}

function readTimeZone(text: string): Parsed<string> {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return value(text);
  } catch {
    const meant = nearest(text, Intl.supportedValuesOf('timeZone'));
    return fault(
      `must be an IANA time zone, such as Asia/Shanghai${meant === null ? '' : `; did you mean ${meant}?`}`,
    );
  }
}

function readOrigins(text: string): Parsed<readonly string[]> {
  const origins = list(text);
  return origins.every((origin) => /^https?:/.test(origin) && URL.parse(origin)?.origin === origin)
    ? value(origins)
    : fault('must be a comma-separated list of origins without a path, such as https://example.org');
}

function readProxies(text: string): Parsed<false | readonly string[]> {
  if (text === 'false') return value(false);
  const proxies = list(text);
  return proxies.length > 0 && proxies.every(isAddressRange)
    ? value(proxies)
    : fault(
        'must be false or a comma-separated list of IP addresses and CIDR ranges, such as 127.0.0.1, 10.0.0.0/8',
      );
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function readPublicUrl(text: string): Parsed<string> {
  const url = /^https?:/.test(text) ? URL.parse(text) : null;
  return url !== null && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
    ? value(url.href.replace(/\/+$/, ''))
    : fault('must be an http or https address without a user, ? or #, such as https://jindu.example.org');
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
