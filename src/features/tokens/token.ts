import type { Scope } from '../../shared/actor.ts';
import type { Instant } from '../../shared/clock.ts';

/** What is said of a token when it is made. None of it changes afterwards: make another one and revoke this. */
export interface TokenFacts {
  /** Who or what uses it. */
  name: string;
  /** Along the ladder, none twice. */
  scopes: Scope[];
  /** The organization to which, with all below it, the token is bound; null for the whole database. */
  organizationId: string | null;
  /** From this moment on it is refused; null: never. */
  expiresAt: Instant | null;
}

/**
 * The right of a person or a script to use the API. Its secret is shown once, when it is made; only the hash of it is
 * kept, outside of this. A revoked token stays readable and never comes back.
 */
export interface Token extends TokenFacts {
  id: string;
  createdAt: Instant;
  /** The name of the token that made it; `jindu` for one made at the start. */
  createdBy: string;
  /** To the minute. */
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
  revision: number;
}
