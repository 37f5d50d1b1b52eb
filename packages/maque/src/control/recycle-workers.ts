import { setTimeout as sleep } from 'node:timers/promises';
import { describeEvent } from '@maque/keeper';
import type { Milliseconds } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { askKeeper, keeperEvents } from './ask-keeper.ts';

// Each step of a replacement takes a second or so; the keeper answers from memory.
const POLL_INTERVAL_MS: Milliseconds = 200;

/** `maque recycle`: asks for the replacement and tells how it goes, until it is done or has failed. */
export async function recycleWorkers(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [worker],
    options: { app },
    surroundings,
  } = invocation;
  const { terminal, language } = surroundings;
  const { dataDir } = readSettings(invocation, typeof app === 'string' ? app : undefined);
  let seen = (await keeperEvents(dataDir)).at(-1)?.seq ?? 0;
  const query = worker === undefined ? '' : `?worker=${encodeURIComponent(worker)}`;
  const { workers } = (await askKeeper(dataDir, 'POST', `/recycle${query}`)) as {
    workers: readonly string[];
  };
  if (workers.length === 0) throw commandErrors.NOBODY_SERVES();
  for (;;) {
    for (const event of await keeperEvents(dataDir, seen)) {
      seen = event.seq;
      terminal.out(describeEvent(event, language));
      if (event.code === 'RECYCLE_DONE') return 0;
      if (event.code === 'RECYCLE_FAILED') return 1;
    }
    await sleep(POLL_INTERVAL_MS);
  }
}
