import { hash, randomBytes } from 'node:crypto';

/** 256 random bits, recognisable as Jindu's where it should not be (in a log, in a repository). */
export function newSecret(): string {
  return `jindu_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a secret. One round is enough for what cannot be guessed in the first place. */
export function hashOfSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
