import type { KeeperEvent } from '@maque/keeper';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { askKeeper } from './ask-keeper.ts';
import { newestSeq, tellEvents } from './tell-events.ts';

/** `maque recycle`: asks for the replacement and tells how it goes, until it is done or has failed. */
export async function recycleWorkers(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [worker],
    options: { app },
    surroundings,
  } = invocation;
  const { dataDir } = readSettings(invocation, typeof app === 'string' ? app : undefined);
  const before = await newestSeq(dataDir);
  const query = worker === undefined ? '' : `?worker=${encodeURIComponent(worker)}`;
  const { workers } = (await askKeeper(dataDir, 'POST', `/recycle${query}`)) as {
    workers: readonly string[];
  };
  if (workers.length === 0) throw commandErrors.NOBODY_SERVES();
  return tellEvents(dataDir, before, exitCodeOf, surroundings);
}

function exitCodeOf({ code }: KeeperEvent): ExitCode | undefined {
  if (code === 'RECYCLE_DONE') return 0;
  return code === 'RECYCLE_FAILED' ? 1 : undefined;
}
