/** A database of one run, as the server is told of it and as the auditor looks at it, past all of Jindu's own code. */
export interface Place {
  readonly engine: 'sqlite' | 'postgres';
  /** What the server is given as `DATABASE_URL`. */
  readonly url: string;
  /** The folder with all there is to inspect: the data, and what the server has logged. */
  readonly folder: string;
  /** The rows of one query that means the same on every engine. */
  rows<Row>(query: string): Promise<Row[]>;
  /** What the engine itself finds wrong with its files, its indexes, and rows that refer to nothing. */
  faults(): Promise<string[]>;
  /** The database server, where there is one of its own. */
  readonly server: DatabaseServer | null;
  /** Closes it; with its folder unless `keep`. */
  close(keep: boolean): Promise<void>;
}

export interface DatabaseServer {
  /** Ends the server and all of its children with SIGKILL; resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts it on what is there. Resolves when it takes connections. */
  start(): Promise<void>;
}
