import {
  createKeeper,
  describeBootFailure,
  describeEvent,
  type EventCode,
  type Keeper,
  type KeeperEvent,
  type KeeperOptions,
} from '@maque/keeper';
import { CodedError, type Language } from '@maque/kit';
import type { ExitCode, Surroundings } from '../cli/command.ts';
import type { OpenOutput } from '../logs/open-output.ts';

// Told by the first screen; later, one by one.
const ROUTINE = new Set<EventCode>(['KEEPER_STARTED', 'WORKER_STARTED', 'WORKER_READY']);

/**
 * Starts a keeper and, once it serves, tells everything that happens to its workers.
 * @returns the exit code instead when no worker could start, which has been told, or when it was stopped before.
 * @throws CodedError as `Keeper.start` does otherwise.
 */
export async function startKeeper(
  options: Omit<KeeperOptions, 'output'>,
  { output, tell }: Pick<OpenOutput, 'output' | 'tell'>,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): Promise<Keeper | ExitCode> {
  let isServing = false;
  let firstStarts = options.workers;
  let lastExit: KeeperEvent | undefined;
  const keeper = createKeeper({
    ...options,
    output,
    onEvent(event) {
      const isFirstStart = firstStarts > 0 && ROUTINE.has(event.code);
      if (event.code === 'WORKER_READY') firstStarts -= 1;
      if (event.code === 'WORKER_EXITED') lastExit = event;
      // A start that fails is told in one line instead.
      tell(event, !isServing || isFirstStart);
      options.onEvent?.(event);
    },
  });
  try {
    await keeper.start();
    isServing = true;
    return keeper;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'STOPPED_EARLY') {
      terminal.error(error.messageIn(language));
      return 0;
    }
    if (error.code !== 'BOOT_FAILED') throw error;
    // What it wrote stands above, unless it went to a file.
    const told =
      output === 'inherit'
        ? tellBootFailure(error, lastExit, language)
        : describeBootFailure(error, language);
    terminal.error(`${terminal.style('red', '✖')} ${told}`);
    return 1;
  }
}

/** The part of BOOT_FAILED's data that is told here. */
interface BootFacts {
  readonly script: string;
  readonly told: { readonly code: string; readonly message: string } | null;
}

/** What the worker said of itself, or else how it ended.  */
function tellBootFailure(error: CodedError, exit: KeeperEvent | undefined, language: Language): string {
  const { script, told } = error.data as unknown as BootFacts;
  if (told !== null) return `${told.message} (${told.code})`;
  return exit === undefined ? error.messageIn(language) : `${script}: ${describeEvent(exit, language)}`;
}
