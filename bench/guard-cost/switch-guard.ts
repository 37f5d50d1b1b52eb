import { readdirSync, readlinkSync } from 'node:fs';
import { waitUntil } from '../stacks/wait-until.ts';

/**
 * Switches the guard of a server that loads `switched-guard.js`, and waits until it is: a second signal would be lost while
 * the first is under way.
 */
export async function switchGuard(pid: number, on: boolean): Promise<void> {
  process.kill(pid, 'SIGUSR2');
  const what = on ? 'the guard to watch' : 'the guard to stop';
  await waitUntil(async () => isWatched(pid) === on, { what, timeoutMs: 5_000, everyMs: 5 });
}

/** A guard keeps the process's statm open, and nothing else does. */
function isWatched(pid: number): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((descriptor) => targetOf(`${folder}/${descriptor}`).endsWith('/statm'));
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // Closed since the folder was read.
    return '';
  }
}
