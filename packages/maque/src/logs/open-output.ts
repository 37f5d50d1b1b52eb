import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { describeEvent, type KeeperEvent, type KeeperOptions, OutputLog } from '@maque/keeper';
import { say, type Text } from '@maque/kit';
import type { Surroundings } from '../cli/command.ts';

/** Where the output of workers, and the word of what happens to them, goes. */
export interface OpenOutput extends AsyncDisposable {
  readonly output: NonNullable<KeeperOptions['output']>;
  /** Tells an event where the rest is. @param isRoutine the first screen says it too. */
  tell(event: KeeperEvent, isRoutine: boolean): void;
}

const WORDS = {
  files: {
    en: 'What workers print goes to {path}; maque logs shows it',
    zh: '工作进程的输出写入 {path}；可用 maque logs 查看',
  },
  fault: {
    en: 'Cannot write {path}: {reason}; lines are lost until it can be written again',
    zh: '无法写入 {path}：{reason}；恢复之前的日志行将丢失',
  },
} satisfies Record<string, Text>;

const STDOUT = 1;

/** Opens the place that the setting `output` names. */
export function openOutput(
  wish: 'auto' | 'inherit' | 'files',
  dataDir: string,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): OpenOutput {
  if (wish === 'inherit' || (wish === 'auto' && isSomebodyReading(STDOUT))) {
    return {
      output: 'inherit',
      tell(event, isRoutine) {
        if (isRoutine) return;
        const time = new Date(event.at).toTimeString().slice(0, 8);
        terminal.error(`${terminal.style('dim', time)} ${describeEvent(event, language)}`);
      },
      async [Symbol.asyncDispose]() {},
    };
  }
  const log = new OutputLog({
    folder: join(dataDir, 'logs'),
    language,
    onFault(error) {
      const reason = (error as NodeJS.ErrnoException).code ?? error.message;
      terminal.error(say(WORDS.fault, language, { path: log.path, reason }));
    },
  });
  terminal.error(say(WORDS.files, language, { path: log.path }));
  return {
    output: log.write,
    tell: (event) => log.note(describeEvent(event, language)),
    [Symbol.asyncDispose]: () => log.close(),
  };
}

/**
 * Whether what is printed has a reader who bounds it: a terminal, or a pipe or socket, behind which are the journal, a
 * container's log driver, another supervisor. A plain file grows without end; what goes to /dev/null is lost.
 */
function isSomebodyReading(descriptor: number): boolean {
  if (isatty(descriptor)) return true;
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    // Closed, as a daemon's may be.
    return false;
  }
}
