import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithThisProcess } from './children.ts';

/** Whether the program is there that makes a disk fail. */
export function canFailFlushes(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** From now on every flush that the process asks for fails, as on a disk that is broken. Resolves with how to end it. */
export async function failFlushes(pid: number): Promise<() => Promise<void>> {
  const calls = 'fsync,fdatasync';
  const args = ['-f', '-e', `trace=${calls}`, '-e', `inject=${calls}:error=EIO`, '-p', String(pid)];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  endWithThisProcess(strace, 'SIGKILL');
  await attached(strace);
  return async () => {
    if (strace.exitCode !== null || strace.signalCode !== null) return;
    const ended = once(strace, 'exit');
    strace.kill('SIGINT');
    await ended;
  };
}

async function attached(strace: ChildProcess): Promise<void> {
  let said = '';
  const isAttached = new Promise<void>((resolve, reject) => {
    strace.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/Process \d+ attached/.test(said)) resolve();
    });
    strace.once('exit', () => reject(new Error(`strace has ended: ${said}`)));
  });
  await isAttached;
}
