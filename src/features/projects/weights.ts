import type { Project, Quantity, WeightBasis } from './project.ts';

/** What of a project decides how it weighs in its parent, and what of a parent decides how its children weigh. */
export type Weighable = Pick<Project, 'weightScaled' | 'budgetMinor' | 'budgetCurrency' | 'quantities'>;
export type Weighing = Pick<Project, 'weightBasis' | 'budgetCurrency' | 'quantities'>;

/**
 * How much a child weighs in its parent, as a whole number in whatever unit the basis has; null when it has no weight
 * on that basis, and is then named as unweighted, never given one. Money in another currency than the parent's budget
 * (CNY where it has none), or a quantity in another unit than the parent's, is no weight: the two cannot be added.
 */
export function weightOf(child: Weighable, parent: Weighing): bigint | null {
  const basis = parent.weightBasis;
  if (basis === 'equal') return 1n;
  if (basis === 'weight') return child.weightScaled === null ? null : BigInt(child.weightScaled);
  if (basis === 'budget') {
    if (child.budgetMinor === null || child.budgetCurrency !== (parent.budgetCurrency ?? 'CNY')) return null;
    return BigInt(child.budgetMinor);
  }
  const code = quantityCodeOf(basis);
  const own = quantityOf(child.quantities, code);
  const wanted = quantityOf(parent.quantities, code);
  if (own === undefined || (wanted !== undefined && wanted.unit !== own.unit)) return null;
  return BigInt(own.valueScaled);
}

/** Whether two states of a parent weigh every child alike. */
export function weighAlike(one: Weighing, other: Weighing): boolean {
  return weighingKey(one) === weighingKey(other);
}

function weighingKey({ weightBasis, budgetCurrency, quantities }: Weighing): string {
  if (weightBasis === 'budget') return `${weightBasis} ${budgetCurrency ?? 'CNY'}`;
  if (weightBasis === 'equal' || weightBasis === 'weight') return weightBasis;
  return `${weightBasis} ${quantityOf(quantities, quantityCodeOf(weightBasis))?.unit ?? ''}`;
}

function quantityCodeOf(basis: WeightBasis): string {
  return basis.slice('quantity:'.length);
}

function quantityOf(quantities: readonly Quantity[], code: string): Quantity | undefined {
  return quantities.find((quantity) => quantity.code === code);
}
