import { places, randomFrom } from '../../../bench/portfolio.ts';
import type { Figures } from '../figures.ts';
import { Ground } from '../ground.ts';
import type { Conditions } from '../scenario.ts';
import { askingAlone, besides } from '../steady.ts';

const perSecond = 500;

/** Ten thousand tokens, each of which asks now and then: none is to be slower for the others being there. */
export async function tenThousandTokens(conditions: Conditions, figures: Figures): Promise<void> {
  const count = conditions.quick ? 500 : 10_000;
  const seconds = conditions.quick ? 3 : 20;
  await using ground = await Ground.open(conditions, { JINDU_RATE_LIMIT_PER_ADDRESS: '0' });
  const all = places();
  const random = randomFrom(3);
  const question = (secret: string) => {
    const place = all[Math.floor(random() * all.length)];
    return { path: `/v1/projects/${place?.id}/progress`, secret };
  };

  const startedMs = performance.now();
  const secrets = await createTokens(ground, count);
  figures.note('tokens created, a second', (count * 1000) / (performance.now() - startedMs));

  const [only = ''] = secrets;
  const one = await askingAlone(ground, perSecond, () => question(only), 5_000);
  const memoryOfOne = ground.peakMegabytes();
  ground.stretch();
  const many = await askingAlone(
    ground,
    perSecond,
    () => question(secrets[Math.floor(random() * count)] ?? ''),
    seconds * 1000,
  );
  const memoryOfMany = ground.peakMegabytes();
  const stretchOfMany = ground.stretch();
  const unknown = await askingAlone(
    ground,
    perSecond,
    () => question(`jindu_${random()}`),
    (seconds * 1000) / 2,
  );

  figures.note('p50 of one token', one.p50, 'ms');
  figures.is('refused', one.others + many.others, 0);
  figures.within('p99 of all tokens', many.p99, ...besides(one, stretchOfMany));
  figures.within('p50 of all tokens', many.p50, Math.max(2, 3 * one.p50), stretchOfMany);
  figures.atMost('memory above that of one', memoryOfMany - memoryOfOne, 60, 'MB');
  figures.is('unknown ones that were let in', unknown.times.length - unknown.others, 0);
  figures.within('p99 of unknown ones', unknown.p99, ...besides(one, ground.stretch()));
  figures.atMost('memory above that of all', ground.peakMegabytes() - memoryOfMany, 60, 'MB');
}

/** As many clients would: a few at a time. */
async function createTokens(ground: Ground, count: number): Promise<string[]> {
  const secrets: string[] = [];
  let begun = 0;
  const create = async () => {
    while (begun < count) {
      begun += 1;
      const body = JSON.stringify({ name: `script ${begun}`, scopes: ['report'] });
      const made = await ground.demand<{ secret: string }>({ method: 'POST', path: '/v1/tokens', body });
      secrets.push(made.secret);
    }
  };
  await Promise.all(Array.from({ length: 32 }, create));
  return secrets;
}
