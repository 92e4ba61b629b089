/**
 * Fewer points with the same shape.
 *
 * The points between the ends are cut into buckets of equal count. From each bucket stays the point that makes the
 * largest triangle with the point that stayed before it and the mean of the bucket after it: peaks, dips and bends
 * stay, what lies on a straight line goes. Every point that stays is one of the series.
 *
 * Worked figure: (0, 0), (1, 10), (2, 90), (3, 95), (4, 100) in three points: (0, 0), (2, 90), (4, 100).
 *
 * Source: largest triangle, three buckets; S. Steinarsson, "Downsampling time series for visual representation",
 * University of Iceland, 2013.
 */

/**
 * At most `maxPoints` of the series, in its order, its first and its last among them (of one point, the last). The same
 * series always gives the same points. A series that is short enough is given back as it is.
 */
export function thinned<Point>(
  series: readonly Point[],
  maxPoints: number,
  xOf: (point: Point) => number,
  yOf: (point: Point) => number,
): readonly Point[] {
  if (series.length <= maxPoints) return series;
  if (maxPoints < 2) return series.slice(series.length - Math.max(maxPoints, 0));
  const xs = series.map(xOf);
  const ys = series.map(yOf);
  const last = series.length - 1;
  const buckets = maxPoints - 2;
  const startOf = (bucket: number) => 1 + Math.floor((bucket * (last - 1)) / buckets);
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const [start, end] = [startOf(bucket), startOf(bucket + 1)];
    const next =
      bucket + 1 < buckets ? meanOf(xs, ys, end, startOf(bucket + 2)) : meanOf(xs, ys, last, last + 1);
    kept.push(farthest(xs, ys, kept.at(-1) ?? 0, next, start, end));
  }
  kept.push(last);
  return kept.flatMap((index) => series.slice(index, index + 1));
}

interface Mean {
  x: number;
  y: number;
}

function meanOf(xs: readonly number[], ys: readonly number[], start: number, end: number): Mean {
  let [x, y] = [0, 0];
  for (let index = start; index < end; index += 1) {
    x += xs[index] ?? 0;
    y += ys[index] ?? 0;
  }
  return { x: x / (end - start), y: y / (end - start) };
}

/** The point of the bucket that makes the largest triangle; the first of them if there are several. */
function farthest(
  xs: readonly number[],
  ys: readonly number[],
  before: number,
  next: Mean,
  start: number,
  end: number,
): number {
  const [x, y] = [xs[before] ?? 0, ys[before] ?? 0];
  let [chosen, largest] = [start, -1];
  for (let index = start; index < end; index += 1) {
    const area = Math.abs((next.x - x) * ((ys[index] ?? 0) - y) - ((xs[index] ?? 0) - x) * (next.y - y));
    if (area > largest) [chosen, largest] = [index, area];
  }
  return chosen;
}
