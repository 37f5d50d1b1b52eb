import type { Language, Text } from '@maque/kit';
import type { PlannedDatabase } from '../../../plan/box/planned-service.ts';
import { because, numbered } from '../../config-lines.ts';
import type { Meaning } from '../../meaning.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import { type DropIn, unitDropIn } from '../unit/unit-drop-in.ts';

const OPEN_FILES = 65_535;
/** As the packages have it: time for the old process to let go of its files. */
const RESTART_SECONDS = 5;
export const ARENAS = 2;

const SLOW_LOG: Text = {
  en: 'For the slow log; on many boxes the folder is missing, and the log then stays off without a word.',
  zh: '存放慢日志；很多机器上没有这个目录，慢日志就会悄悄失效。',
};

/** What is added to the unit of a database. */
export function databaseUnit(
  unit: string,
  target: string,
  planned: PlannedDatabase,
  meanings: DropIn['meanings'] & { readonly malloc_arenas: Meaning },
  language: Language,
): RenderedFile {
  const more = [
    because(SLOW_LOG, 'LogsDirectory=mysql', 'LogsDirectoryMode=0750'),
    numbered(meanings.malloc_arenas, '', `Environment=MALLOC_ARENA_MAX=${ARENAS}`),
  ];
  const limits = { openFiles: OPEN_FILES, restartSeconds: RESTART_SECONDS, more };
  return unitDropIn({ unit, target, planned, meanings, ...limits }, language);
}
