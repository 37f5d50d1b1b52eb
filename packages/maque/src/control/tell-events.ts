import { setTimeout as sleep } from 'node:timers/promises';
import { describeEvent, type KeeperEvent } from '@maque/keeper';
import type { Milliseconds } from '@maque/kit';
import type { ExitCode, Surroundings } from '../cli/command.ts';
import { keeperEvents } from './ask-keeper.ts';

// Each step of a replacement takes a second or so; the keeper answers from memory.
const POLL_INTERVAL_MS: Milliseconds = 200;

/** The number of the newest event: what is asked for now comes after it. @throws CodedError as `askKeeper` does. */
export async function newestSeq(dataDir: string): Promise<number> {
  return (await keeperEvents(dataDir)).at(-1)?.seq ?? 0;
}

/**
 * Tells what happens from now on, until something ends it.
 * @param exitCodeOf what an event means for the command: its exit code, or undefined while it goes on.
 * @throws CodedError as `askKeeper` does.
 */
export async function tellEvents(
  dataDir: string,
  afterSeq: number,
  exitCodeOf: (event: KeeperEvent) => ExitCode | undefined,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): Promise<ExitCode> {
  for (let seen = afterSeq; ; await sleep(POLL_INTERVAL_MS)) {
    for (const event of await keeperEvents(dataDir, seen)) {
      seen = event.seq;
      terminal.out(describeEvent(event, language));
      const exitCode = exitCodeOf(event);
      if (exitCode !== undefined) return exitCode;
    }
  }
}
