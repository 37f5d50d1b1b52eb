import {
  createKeeper,
  describeEvent,
  type EventCode,
  type Keeper,
  type KeeperEvent,
  type KeeperOptions,
} from '@maque/keeper';
import { CodedError, type Language } from '@maque/kit';
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
  let lastExit: KeeperEvent | undefined;
  const keeper = createKeeper({
    ...options,
    onEvent(event) {
      const isFirstStart = firstStarts > 0 && ROUTINE.has(event.code);
      if (event.code === 'WORKER_READY') firstStarts -= 1;
      if (event.code === 'WORKER_EXITED') lastExit = event;
      // A start that fails is told in one line instead.
      if (isServing && !isFirstStart) {
        terminal.error(
          `${terminal.style('dim', new Date(event.at).toTimeString().slice(0, 8))} ${describeEvent(event, language)}`,
        );
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
    terminal.error(`${terminal.style('red', '✖')} ${tellBootFailure(error, lastExit, language)}`);
    return 1;
  }
}

/** The part of BOOT_FAILED's data that is told here. */
interface BootFacts {
  readonly script: string;
  readonly told: { readonly code: string; readonly message: string } | null;
}

/** What the worker said of itself, or else how it ended. What it wrote stands above: it went through to the terminal. */
function tellBootFailure(error: CodedError, exit: KeeperEvent | undefined, language: Language): string {
  const { script, told } = error.data as unknown as BootFacts;
  if (told !== null) return `${told.message} (${told.code})`;
  return exit === undefined ? error.messageIn(language) : `${script}: ${describeEvent(exit, language)}`;
}
