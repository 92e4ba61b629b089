export {
  type BarBox,
  type BarFigure,
  barMark,
  barSpans,
  boxAttributes,
  figureLabel,
  reach,
} from './bar-track.ts';
export {
  dark,
  escaped,
  fitted,
  hatchPattern,
  light,
  type PictureLocale,
  pictureDocument,
  pictureId,
  pixelWidth,
  rounded,
} from './canvas.ts';
export { illustrativeNote, illustrativeTag } from './illustrative.ts';
export { type MoneyFigure, moneyLabel } from './money-label.ts';
export { shifted, type Tick, type TimeAxis, timeAxis } from './time-axis.ts';
