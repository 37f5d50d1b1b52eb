import {
  createKeeper,
  describeBootFailure,
  describeEvent,
  type EventCode,
  type Keeper,
  type KeeperOptions,
} from '@maque/keeper';
import { CodedError } from '@maque/kit';
import type { ExitCode, Surroundings } from '../cli/command.ts';

// Told by the first screen; later, one by one.
const ROUTINE = new Set<EventCode>(['KEEPER_STARTED', 'WORKER_STARTED', 'WORKER_READY']);

/**
 * Starts a keeper and, once it serves, tells everything that happens to its workers.
 * @returns the exit code instead when no worker could start, which has been told, or when it was stopped before.
 * @throws CodedError as `Keeper.start` does otherwise.
 */
export async function startKeeper(
  options: KeeperOptions,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): Promise<Keeper | ExitCode> {
  let isServing = false;
  let firstStarts = options.workers;
  const keeper = createKeeper({
    ...options,
    onEvent(event) {
      const isFirstStart = firstStarts > 0 && ROUTINE.has(event.code);
      if (event.code === 'WORKER_READY') firstStarts -= 1;
      // A start that fails is told as one block instead.
      if (isServing && !isFirstStart) {
        terminal.error(`${terminal.style('dim', event.at.slice(11, 19))} ${describeEvent(event, language)}`);
      }
      options.onEvent?.(event);
    },
  });
  try {
    await keeper.start();
    isServing = true;
    return keeper;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'STOPPED_EARLY') return 0;
    if (error.code !== 'BOOT_FAILED') throw error;
    terminal.error(`${terminal.style('red', '✖')} ${describeBootFailure(error, language)}`);
    return 1;
  }
}
