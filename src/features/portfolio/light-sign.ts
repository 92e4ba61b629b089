import type { Light } from '../../formulas/traffic-light.ts';
import { light as paper, rounded } from '../pictures/index.ts';

/** A light, or none. */
export type Shown = Light | 'none';

/** From the best to what cannot be told. */
export const shownLights = ['green', 'yellow', 'red', 'grey', 'none'] as const satisfies readonly Shown[];

/** Fill and edge. Yellow alone would be too pale on white, so its edge is dark. */
const colours = {
  green: ['#1a7f37', '#1a7f37'],
  yellow: ['#e3b341', '#7a5c00'],
  red: ['#cf222e', '#cf222e'],
} as const;

export const lightDarkRules = [
  '.green{fill:#3fb950;stroke:#3fb950}',
  '.yellow{fill:#d29922;stroke:#d29922}',
  '.red{fill:#f85149;stroke:#f85149}',
];

/**
 * The light as a shape of about 16 pixels around a point, so that it is told apart without its colour too: a disc, a
 * triangle, a square, an empty ring for silence, a short line for none.
 */
export function lightSign(shown: Shown, x: number, y: number): string {
  switch (shown) {
    case 'green':
      return `<circle ${painted('green')} cx="${x}" cy="${y}" r="6.5"/>`;
    case 'yellow':
      return `<path ${painted('yellow')} d="M${x} ${rounded(y - 6.5)}l7.5 13h-15z" stroke-linejoin="round"/>`;
    case 'red':
      return `<rect ${painted('red')} x="${rounded(x - 6)}" y="${rounded(y - 6)}" width="12" height="12"/>`;
    case 'grey':
      return `<circle class="edge" cx="${x}" cy="${y}" r="6" fill="none" stroke="${paper.quiet}" stroke-width="2.5" \
stroke-dasharray="3 2"/>`;
    case 'none':
      return `<path class="edge" d="M${rounded(x - 5)} ${y}h10" stroke="${paper.quiet}" stroke-width="2"/>`;
  }
}

function painted(name: keyof typeof colours): string {
  const [fill, edge] = colours[name];
  return `class="${name}" fill="${fill}" stroke="${edge}" stroke-width="1.5"`;
}
