import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import type { Figure } from './measures.ts';
import { pinning } from './processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where and with what it was measured. */
export function surroundings(): Record<string, string> {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    commit: commit(),
    machine: `${processors.length} × ${processors[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    disk: `${Math.round(syncsPerSecond()).toLocaleString('en')} × (4 KiB append + fdatasync) a second`,
    node: process.version,
    fastify: versionOf('fastify'),
    'better-sqlite3': `${versionOf('better-sqlite3')}, SQLite ${sqliteVersion()}`,
    'drizzle-orm': versionOf('drizzle-orm'),
    processes: pinning,
  };
}

/** The figures as a table of Markdown that also reads well in a terminal. */
export function table(figures: readonly Figure[]): string {
  const head = ['measure', 'bare', 'jindu', 'ratio', 'target', 'ok'];
  const rows = figures.map(({ measure, bare, jindu, ratio, target, ok }) => [
    ...[measure, bare, jindu, ratio, target],
    ok === null ? '' : ok ? 'yes' : 'NO',
  ]);
  return tableOf(head, rows);
}

export function tableOf(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What stands behind the speeds: sizes, waiting times, processor time, and how busy the load itself was. */
export function detailTable(figures: readonly Figure[]): string {
  const rows = figures.flatMap(({ details }) =>
    Object.entries(details).filter((entry): entry is [string, Detail] => isDetail(entry[1])),
  );
  return [
    '| side | requests/s | bytes per answer | p50 ms | p99 ms | server CPU µs per request | load process busy |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(([side, each]) =>
      [
        ...['', side, Math.round(each.perSecond), Math.round(each.bytesPerAnswer), each.p50.toFixed(2)],
        ...[each.p99.toFixed(2), each.cpuPerRequest.toFixed(1), `${Math.round(each.loadBusy * 100)} %`, ''],
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n');
}

/** Writes `bench/results/<kind><date>.md` and `.json`, and returns the first one's path. */
export function keepResults(
  kind: string,
  about: Record<string, string>,
  title: string,
  tables: readonly string[],
  figures: readonly object[],
): string {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `${kind}${(about.date ?? '').slice(0, 10)}`);
  const facts = Object.entries(about).map(([key, value]) => `- ${key}: ${value}`);
  writeFileSync(`${name}.md`, `${[`# ${title}`, facts.join('\n'), ...tables].join('\n\n')}\n`);
  writeFileSync(`${name}.json`, `${JSON.stringify({ about, figures }, null, 2)}\n`);
  return `${name}.md`;
}

interface Detail {
  perSecond: number;
  bytesPerAnswer: number;
  p50: number;
  p99: number;
  cpuPerRequest: number;
  loadBusy: number;
}

function isDetail(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'perSecond' in value && 'bytesPerAnswer' in value;
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'bench') === '' ? '' : ', and changes';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'none';
  }
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

function sqliteVersion(): string {
  const database = new Sqlite(':memory:');
  const version = database.prepare('select sqlite_version()').pluck().get() as string;
  database.close();
  return version;
}

/** What the disk itself allows: no commit can be quicker. */
function syncsPerSecond(): number {
  const file = join(tmpdir(), `jindu-bench-${process.pid}`);
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  const startedMs = performance.now();
  let syncs = 0;
  while (performance.now() - startedMs < 500) {
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
    syncs += 1;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  closeSync(descriptor);
  rmSync(file);
  return syncs / seconds;
}
