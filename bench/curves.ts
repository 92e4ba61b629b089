import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyOf, openApp, secret } from './database.ts';

const project = '/v1/projects/programme-000-estate-00-zone-00';

/**
 * How long each of so many S-curves takes, of one project with so many reports and a plan: the whole request without the
 * network, after some to warm up.
 */
export async function millisecondsOfCurves(
  portfolio: string,
  reports: number,
  times: number,
): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'jindu-curves-'));
  const app = await openApp(copyOf(portfolio, join(folder, 'curves.db')));
  const headers = { authorization: `Bearer ${secret}` };
  const draw = async () => {
    const begunMs = performance.now();
    const { statusCode, body } = await app.inject({ url: `${project}/progress/history.svg`, headers });
    const tookMs = performance.now() - begunMs;
    if (statusCode !== 200) throw new Error(body);
    return tookMs;
  };
  try {
    const { items } = (await app.inject({ url: `${project}/reports?limit=200`, headers })).json();
    for (let i = 0; i < reports - items.length; i += 1) {
      const day = new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10);
      const payload = {
        percent: 86 + i / 10,
        ...(i % 3 === 0 ? { qualifier: 'atLeast' } : {}),
        reason: '核查',
      };
      const answer = await app.inject({
        method: 'PUT',
        url: `${project}/reports/${day}`,
        headers,
        payload,
      });
      if (answer.statusCode !== 201) throw new Error(answer.body);
    }
    for (let i = 0; i < 50; i += 1) await draw();
    const taken: number[] = [];
    for (let i = 0; i < times; i += 1) taken.push(await draw());
    return taken;
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
