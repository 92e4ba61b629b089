import { errorCatalogue } from '../shared/errors.ts';
import type { App } from './app.ts';

/** Answers `GET /docs/errors`, where the `type` of every problem leads: each code, its status and what it means. */
export function explainErrors(app: App): void {
  const page = pageOf(Object.entries(errorCatalogue));
  app.get('/docs/errors', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
}

type Entry = [code: string, { status: number; title: string; meaning: string }];

function pageOf(entries: readonly Entry[]): string {
  const contents = entries.map(([code]) => `<li><a href="#${code}"><code>${code}</code></a></li>`);
  const sections = entries.map(
    ([code, { status, title, meaning }]) =>
      `<section id="${code}"><h2><code>${code}</code> <small>${status}</small></h2>` +
      `<p><strong>${marked(title)}.</strong> ${marked(meaning)}</p></section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Jindu 进度: error codes</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
ul { columns: 14rem; padding-left: 1.2rem; }
small { font-weight: normal; }
section:target { outline: 2px solid; outline-offset: 0.5rem; }
</style>
</head>
<body>
<h1>Error codes</h1>
<p>A refusal is <code>application/problem+json</code> (RFC 9457). Rely on its <code>code</code>; the other words may change.</p>
<ul>
${contents.join('\n')}
</ul>
${sections.join('\n')}
</body>
</html>
`;
}

/** Text as HTML; what stands between backticks is code. */
function marked(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
