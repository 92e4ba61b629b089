import { illustrativeNote, illustrativeTag, type PictureLocale } from '../pictures/index.ts';
import type { FunnelPicture } from './funnel-picture.ts';
import { stageShapesOf } from './funnel-schemas.ts';
import { funnelWords } from './funnel-words.ts';
import { moneyShapeOf } from './schemas.ts';
import type { FoundFunnel } from './service.ts';

/** What the picture shows of a funnel. */
export function pictureOf(
  { name, funnel, isIllustrative }: FoundFunnel,
  locale: PictureLocale,
): FunnelPicture {
  const said = funnelWords[locale];
  const shown = name === null ? said.everything : (name.translations[locale]?.title ?? name.title);
  const { asOf, deals, withoutStage, money } = funnel;
  return {
    title: said.title(shown),
    ...{ locale, asOf, deals, withoutStage },
    stages: stageShapesOf(funnel),
    currency: money?.currency ?? null,
    money: funnel.moneyByCurrency.map(moneyShapeOf),
    note: illustrativeNote(isIllustrative ? [illustrativeTag] : [], locale),
  };
}
