import type { ChildProcess } from 'node:child_process';

const living = new Map<ChildProcess, NodeJS.Signals>();

process.once('exit', () => {
  for (const [child, signal] of living) child.kill(signal);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** Ends the child by `signal`, should this process end before it, however it was told to but by SIGKILL. */
export function endWithThisProcess(child: ChildProcess, signal: NodeJS.Signals): void {
  living.set(child, signal);
  child.once('exit', () => living.delete(child));
}
