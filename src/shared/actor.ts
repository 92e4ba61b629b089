/**
 * What a token may do, as a ladder: each scope includes those before it.
 * `read` sees; `report` also says how far a project is; `write` also changes the registry; `admin` also
 * makes and revokes tokens.
 */
export const scopes = ['read', 'report', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/**
 * Who asks. `organizationId` null means the whole database; otherwise the actor sees and touches only that
 * organization and what lies below it. `tokenId` null is the anonymous reader of a public installation.
 */
export interface Actor {
  readonly tokenId: string | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly organizationId: string | null;
}

/** Whether the actor holds `scope` or one that includes it. */
export function holdsScope(actor: Actor, scope: Scope): boolean {
  const needed = scopes.indexOf(scope);
  return actor.scopes.some((held) => scopes.indexOf(held) >= needed);
}
