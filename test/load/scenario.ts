import type { Figures } from './figures.ts';

export interface Conditions {
  /** The built server's entry file. */
  main: string;
  /** The portfolio's database; it is copied, never written. */
  portfolio: string;
  /** Only to see that all of it runs: shorter, and fewer of everything. */
  quick: boolean;
}

export type Scenario = (conditions: Conditions, figures: Figures) => Promise<void>;

/** The settings of a server of which nobody is to be refused for asking too often: one machine plays all clients. */
export const withoutRateLimits = { JINDU_RATE_LIMIT_PER_TOKEN: '0', JINDU_RATE_LIMIT_PER_ADDRESS: '0' };
