import { type Config, ConfigError, readConfig } from './config.ts';
import { nodeVersionFault } from './node-version.ts';
import { JinduError } from './shared/errors.ts';

/** Ends the process with a word to whoever started it: 1 for what failed, 2 for a command that was not understood. */
export function end(exitCode: 1 | 2, text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(exitCode);
}

/**
 * The settings of the process, or its end with what is wrong with them. Also ends it on a Node that is too old; so it
 * comes before anything that loads the database, which would end the process there without a word.
 */
export function configured(): Config {
  const fault = nodeVersionFault(process.versions);
  if (fault !== null) end(1, fault);
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) end(1, error.message);
    throw error;
  }
}

/** What went wrong, in a line. */
export function wordsOf(error: unknown): string {
  if (error instanceof JinduError) {
    return error.cause instanceof Error ? `${error.detail} (${error.cause.message})` : error.detail;
  }
  return error instanceof Error ? error.message : String(error);
}
