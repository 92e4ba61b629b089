import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

type Environment = Record<string, string | undefined>;

function noFile(path: string): string {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

function faultsOf(env: Environment, readFile = noFile): string[] {
  try {
    readConfig(env, readFile);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message.split('\n')).toHaveLength(error.faults.length);
    return error.message.split('\n');
  }
}

const secret = 'a-secret-of-thirty-characters-';

describe('the configuration', () => {
  test('is complete with nothing set', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      database: { engine: 'sqlite', file: './data/jindu.db', shown: './data/jindu.db' },
      logLevel: 'info',
      adminToken: null,
      publicRead: false,
      timeZone: 'Asia/Shanghai',
      rateLimitPerToken: 12_000,
      rateLimitPerAddress: 24_000,
      corsOrigins: [],
      trustProxy: false,
      maxEventLoopDelayMs: 500,
      stopTimeoutMs: 8_000,
      workers: 1,
      backupsKept: 5,
      publicUrl: null,
    });
  });

  test('is frozen all the way down', () => {
    const config = readConfig({ JINDU_CORS_ORIGINS: 'https://example.org', JINDU_TRUST_PROXY: '10.0.0.0/8' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.values(config).every((value) => typeof value !== 'object' || Object.isFrozen(value))).toBe(
      true,
    );
  });

  test('takes an empty value as none, and no white space around a value', () => {
    expect(readConfig({ PORT: '', HOST: '  ', JINDU_ADMIN_TOKEN: '', JINDU_CORS_ORIGINS: '' })).toEqual(
      readConfig({}),
    );
    expect(readConfig({ PORT: ' 8080\n' }).port).toBe(8080);
  });

  test('leaves the rest of the environment alone', () => {
    expect(readConfig({ PATH: '/bin', HOSTNAME: 'x', PORT_FILE: '/x', NODE_ENV: 'production' })).toEqual(
      readConfig({}),
    );
  });

  test('has all its faults told at once, each by its name, what was given, and what would be right', () => {
    expect(
      faultsOf({
        HOST: 'http://0.0.0.0',
        PORT: '65536',
        LOG_LEVEL: 'verbose',
        JINDU_PUBLIC_READ: 'yes',
        JINDU_TIME_ZONE: 'Asia/Beijing',
        JINDU_STOP_TIMEOUT_MS: '8s',
        JINDU_PUBLIC_URL: 'jindu.example.org',
      }),
    ).toEqual([
      'HOST is "http://0.0.0.0"; it must be an IP address or the name of a host, without a scheme or a port',
      'PORT is "65536"; it must be a whole number from 0 to 65535',
      'LOG_LEVEL is "verbose"; it must be one of fatal, error, warn, info, debug, trace, silent',
      'JINDU_PUBLIC_READ is "yes"; it must be true or false',
      'JINDU_TIME_ZONE is "Asia/Beijing"; it must be an IANA time zone, such as Asia/Shanghai',
      'JINDU_STOP_TIMEOUT_MS is "8s"; it must be a whole number from 100 to 600000',
      'JINDU_PUBLIC_URL is "jindu.example.org"; it must be an http or https address without a user, ? or #, such as https://jindu.example.org',
    ]);
  });
});

test.each([
  ['JINDU_PUBLC_READ', 'JINDU_PUBLIC_READ'],
  ['jindu_public_read', 'JINDU_PUBLIC_READ'],
  ['JINDU_ADMIN_TOKEN_FIL', 'JINDU_ADMIN_TOKEN_FILE'],
  ['JINDU_PORT', 'PORT'],
  ['JINDU_DATABASE_URL', 'DATABASE_URL'],
])('the unknown setting %s is a fault that asks whether %s was meant', (name, meant) => {
  expect(faultsOf({ [name]: '1' })).toEqual([`${name} is no setting of Jindu; did you mean ${meant}?`]);
});

test('an unknown setting that is like none is a fault without a guess', () => {
  expect(faultsOf({ JINDU_SOMETHING_ELSE: '1' })).toEqual(['JINDU_SOMETHING_ELSE is no setting of Jindu']);
});

describe('a secret', () => {
  test('is read from the file that <NAME>_FILE names, without the newline at its end', () => {
    const files: Record<string, string> = {
      '/run/secrets/token': `${secret}\n`,
      '/run/secrets/url': 'file:/data/x.db',
    };
    const config = readConfig(
      { JINDU_ADMIN_TOKEN_FILE: '/run/secrets/token', DATABASE_URL_FILE: '/run/secrets/url' },
      (path) => files[path] ?? noFile(path),
    );
    expect(config).toMatchObject({ adminToken: secret, database: { file: '/data/x.db' } });
  });

  test('from a file that is away or empty, or given twice, is a fault', () => {
    const env = { JINDU_ADMIN_TOKEN_FILE: '/run/secrets/token' };
    expect(faultsOf(env)).toEqual(['JINDU_ADMIN_TOKEN_FILE must name a file that can be read (ENOENT)']);
    expect(faultsOf(env, () => ' \n')).toEqual(['JINDU_ADMIN_TOKEN_FILE must name a file that is not empty']);
    expect(faultsOf({ ...env, JINDU_ADMIN_TOKEN: secret })).toEqual([
      'JINDU_ADMIN_TOKEN_FILE must not be set together with JINDU_ADMIN_TOKEN',
    ]);
  });

  test('is in no fault, wherever it was put by mistake', () => {
    const wrong: Environment[] = [
      { JINDU_ADMIN_TOKEN: 'hunter2' },
      { JINDU_ADMIN_TOKEN: 'hunter2 hunter2 hunter2 hunter2' },
      { JINDU_ADMIN_TOKEN_FILE: 'hunter2' },
      { JINDU_ADMIN_TOKN: 'hunter2' },
      { DATABASE_URL: 'postgres://jindu:hunter2@db' },
      { DATABASE_URL: 'hunter2' },
      { DATABASE_URL: 'file://hunter2' },
      { JINDU_PUBLIC_URL: 'https://jindu:hunter2@example.org' },
      { JINDU_CORS_ORIGINS: 'https://jindu:hunter2@example.org' },
    ];
    for (const env of wrong) {
      const faults = faultsOf(env);
      expect(faults, JSON.stringify(env)).toHaveLength(1);
      expect(faults[0]).not.toContain('hunter2');
    }
  });
});

test.each([
  ['file:./data/jindu.db', './data/jindu.db'],
  ['file:data/进度.db', 'data/进度.db'],
  ['file:/data/jindu.db', '/data/jindu.db'],
  ['file:///data/jindu.db', '/data/jindu.db'],
  ['file:/data/50%20done.db', '/data/50%20done.db'],
])('DATABASE_URL %s is the file %s', (url, file) => {
  expect(readConfig({ DATABASE_URL: url }).database).toEqual({ engine: 'sqlite', file, shown: file });
});

test.each([
  ['postgres://jindu:hunter2@db.example.org:5433/progress', 'postgres://db.example.org:5433/progress'],
  ['postgresql://localhost/jindu', 'postgres://localhost/jindu'],
  ['postgres://jindu:hunter2@[::1]/jindu?sslmode=verify-full', 'postgres://[::1]/jindu'],
  ['postgres:///jindu?host=/var/run/postgresql&password=hunter2', 'postgres:///jindu'],
])('DATABASE_URL %s is a PostgreSQL database, and shown as %s', (url, shown) => {
  expect(readConfig({ DATABASE_URL: url }).database).toEqual({ engine: 'postgres', url, shown });
});

test.each<[string, string[], string[]]>([
  [
    'HOST',
    ['0.0.0.0', '::', '::1', 'localhost', 'a.example.org'],
    ['256.1.1.1', '1.2.3', '[::1]', 'a b', 'a:80', '-a'],
  ],
  ['PORT', ['0', '65535'], ['-1', '80.5', '1e3', '0x10', 'http']],
  [
    'DATABASE_URL',
    ['file:x'],
    [
      './data/jindu.db',
      'postgres://',
      'postgres://host',
      'postgres://host/',
      'postgres:jindu',
      'postgres://host:port/jindu',
      'postgres://host/jindu#1',
      'file:',
      'file:./data/',
      'file:.',
      'file:/',
      'file::memory:',
      'file://host/x',
      'file:x?mode=ro',
      'mysql://x',
    ],
  ],
  ['LOG_LEVEL', ['fatal', 'trace', 'silent'], ['INFO', '30']],
  [
    'JINDU_ADMIN_TOKEN',
    ['x'.repeat(24), 'Zm9vYmFyYmF6cXV4Zm9vYmFyYg==', `jindu_${'a'.repeat(43)}`],
    ['x'.repeat(23), 'x'.repeat(201), `${'x'.repeat(24)} y`, `${'x'.repeat(24)}密`],
  ],
  ['JINDU_PUBLIC_READ', ['true', 'false'], ['1', 'TRUE', 'on']],
  ['JINDU_TIME_ZONE', ['UTC', 'Europe/Berlin'], ['Beijing', 'GMT+25']],
  ['JINDU_RATE_LIMIT_PER_TOKEN', ['0', '1', '10000000'], ['-1', '10000001', 'off']],
  ['JINDU_RATE_LIMIT_PER_ADDRESS', ['0', '1'], ['none']],
  [
    'JINDU_CORS_ORIGINS',
    ['https://example.org', 'http://localhost:5173, https://example.org'],
    ['*', 'example.org', 'https://example.org/', 'https://example.org/app', 'https://Example.org', 'null'],
  ],
  [
    'JINDU_TRUST_PROXY',
    ['false', '127.0.0.1', '10.0.0.0/8, ::1, fc00::/7'],
    ['true', '1', '10.0.0.0/0', '10.0.0.0/33', '10.0.0/8', '::1/129', 'proxy.example.org', ','],
  ],
  ['JINDU_MAX_EVENT_LOOP_DELAY_MS', ['0', '60000'], ['60001', '0.5']],
  ['JINDU_STOP_TIMEOUT_MS', ['100', '600000'], ['0', '99', '600001']],
  ['JINDU_BACKUPS_KEPT', ['1', '1000'], ['0', '1001']],
  [
    'JINDU_PUBLIC_URL',
    ['https://jindu.example.org', 'http://10.0.0.1:8080/jindu/'],
    ['ftp://example.org', 'https://example.org?x', 'https://example.org#x', '/v1', 'https://'],
  ],
])('%s takes what is right and refuses, with one fault of its name, what is not', (name, right, wrong) => {
  for (const text of right) expect(faultsOf({ [name]: text }), text).toEqual([]);
  for (const text of wrong) {
    const faults = faultsOf({ [name]: text });
    expect(faults, text).toHaveLength(1);
    expect(faults[0], text).toMatch(new RegExp(`^${name} `));
  }
});

test('JINDU_PUBLIC_URL loses the slash at its end, so that paths can be put behind it', () => {
  expect(readConfig({ JINDU_PUBLIC_URL: 'https://example.org/jindu/' }).publicUrl).toBe(
    'https://example.org/jindu',
  );
});

test('whatever the environment holds, it is read or refused with faults, and a whole number is within its bounds', () => {
  const names = [
    'HOST',
    'PORT',
    'DATABASE_URL',
    'JINDU_TIME_ZONE',
    'JINDU_TRUST_PROXY',
    'JINDU_CORS_ORIGINS',
    'JINDU_PUBLIC_URL',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'binary' })), (env) => {
      try {
        const { port } = readConfig(env);
        return Number.isInteger(port) && port >= 0 && port <= 65_535;
      } catch (error) {
        return error instanceof ConfigError && error.faults.length > 0;
      }
    }),
  );
});
