import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Bundles the program into dist/: started from there it needs half the time and less than half the memory. What stays
// outside is the database driver, which brings its binary, and the web page of Swagger UI: both are read from
// node_modules/ as they are.

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const commands = readdirSync(`${root}src/commands`).filter((name) => name.endsWith('.ts'));

/** Swagger UI looks for its web page beside its own code, which in the bundle is no longer where it was. */
const swaggerUiAtHome: Plugin = {
  name: 'swagger-ui-at-home',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@fastify[\\/]swagger-ui[\\/](index|lib[\\/]routes)\.js$/ }, async ({ path }) => {
      const name = relative(`${root}node_modules`, path).replaceAll('\\', '/');
      const home = `const __dirname = require('node:path').dirname(__resolve(${JSON.stringify(name)}));`;
      return { contents: `${home}${await readFile(path, 'utf8')}`, loader: 'js' };
    });
  },
};

/**
 * An `import` of Node's own http or crypto reads all that they export, and so loads a second HTTP client, which comes
 * with streams of its own, and the cryptography of browsers. Required, each loads what is used of it.
 */
const builtinsRequired: Plugin = {
  name: 'builtins-required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(http|crypto)$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : { path, external: true },
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: [
    'src/main.ts',
    'src/database/checkpoint-thread.ts',
    'src/features/report-batches/batch-thread.ts',
    ...commands.map((name) => `src/commands/${name}`),
  ],
  outdir: dist,
  entryNames: '[name]',
  // Beside the entries: the migrations are found from the file that asks for them.
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  // Node keeps the text of what it runs in memory. In lines, so that a stack trace says where in it.
  minifyWhitespace: true,
  lineLimit: 120,
  logLevel: 'warning',
  write: false,
  external: ['better-sqlite3'],
  plugins: [swaggerUiAtHome, builtinsRequired],
  // What CommonJS packages expect to find around them.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __resolve = (name) => require.resolve(name);',
      'const __filename = import.meta.filename;',
      'const __dirname = import.meta.dirname;',
    ].join('\n'),
  },
});

// Others may be starting from here: no file is ever half there, and what an earlier build has left goes last.
mkdirSync(dist, { recursive: true });
let isAsBefore = true;
for (const { path, text } of outputFiles) {
  const code = inAscii(text);
  if (existsSync(path) && readFileSync(path, 'utf8') === code) continue;
  isAsBefore = false;
  writeFileSync(`${path}.${process.pid}`, code);
  renameSync(`${path}.${process.pid}`, path);
}
// What Node has kept compiled of another build is of no use; see `src/start.ts`.
if (!isAsBefore) rmSync(join(dist, '.compiled'), { recursive: true, force: true });
const made = new Set(outputFiles.map(({ path }) => basename(path)));
for (const name of readdirSync(dist)) {
  if (!made.has(name) && /\.js(\.map)?$/.test(name)) rmSync(join(dist, name), { force: true });
}

/** Node keeps a text in twice the memory for a single letter beyond Latin in it, such as those in regular expressions. */
function inAscii(code: string): string {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
