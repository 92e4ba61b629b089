import type { LogDestination } from '../../src/http/logging.ts';

export interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** Keeps what is logged, and remembers which errors nobody has asked for. */
export class LogCapture implements LogDestination {
  readonly lines: LogLine[] = [];
  #errors: LogLine[] = [];

  write(text: string): void {
    const line = JSON.parse(text) as LogLine;
    this.lines.push(line);
    if (line.level === 'error' || line.level === 'fatal') this.#errors.push(line);
  }

  /** The errors logged since this was last called. Those that are never taken fail the test. */
  takeErrors(): LogLine[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }
}
