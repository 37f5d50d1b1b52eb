import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import type { ExitCode } from '../cli/command.ts';
import type { Terminal } from '../cli/terminal.ts';

// What a person takes for at once; looking at a few files costs 20 µs.
const POLL_MS: Milliseconds = 250;

/** Looks again and again until nobody reads what is printed, or the process is ended. */
export async function pollWhileRead(terminal: Terminal, look: () => void): Promise<ExitCode> {
  while (!terminal.isClosed()) {
    look();
    await sleep(POLL_MS);
  }
  return 0;
}
