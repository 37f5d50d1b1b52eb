import type { Keeper } from '@maque/keeper';
import { CodedError, type Milliseconds } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { prepareStart } from '../start/prepare-start.ts';
import { serveApp } from '../start/serve-app.ts';
import { tellMisfit } from '../start/tell-misfit.ts';
import { Reloader } from './reloader.ts';
import { watchSources } from './watch-sources.ts';

// Who reloads a page wants the new code; nobody's download is at stake.
const DRAIN_TIMEOUT_MS: Milliseconds = 500;

/** `maque dev`: one worker, replaced when a source of the app changes; a change that does not start replaces nothing. */
export async function developApp(invocation: Invocation): Promise<ExitCode> {
  const prepared = await prepareStart(invocation, { prefer: 'written', workers: 1 });
  if ('fits' in prepared) return tellMisfit(prepared, invocation.surroundings);
  let keeper: Keeper | undefined;
  const reloader = new Reloader((path) => keeper !== undefined && replaceWorker(keeper, path));
  // Before the first worker reads the sources, so that no change is missed.
  const watched = { appDir: prepared.appDir, dataDir: prepared.folder.path };
  const stopWatching = watchSources(watched, (path) => reloader.changed(path));
  try {
    return await serveApp(prepared, invocation.surroundings, {
      stripsEachTime: true,
      environment: { [maqueSettings.logTerminal.env]: 'true' },
      keeper: {
        drainTimeoutMs: DRAIN_TIMEOUT_MS,
        // The new worker starts beside the old one, which stays when the change is broken.
        surge: true,
        onEvent({ code }) {
          if (code === 'WORKER_READY' || code === 'RECYCLE_FAILED') reloader.started();
        },
      },
      onServing(serving) {
        keeper = serving;
        reloader.started();
      },
    });
  } finally {
    stopWatching();
  }
}

function replaceWorker(keeper: Keeper, changedPath: string): boolean {
  try {
    return keeper.recycle(undefined, changedPath).length > 0;
  } catch (error) {
    // It is stopping, and the watch with it.
    if (error instanceof CodedError && error.code === 'KEEPER_NOT_SERVING') return false;
    throw error;
  }
}
