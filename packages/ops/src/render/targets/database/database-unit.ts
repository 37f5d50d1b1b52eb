import type { Language, Text } from '@maque/kit';
import type { PlannedDatabase } from '../../../plan/box/planned-service.ts';
import { because } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import { type DropIn, unitDropIn } from '../unit/unit-drop-in.ts';

const OPEN_FILES = 65_535;
/** As the packages have it: time for the old process to let go of its files. */
const RESTART_SECONDS = 5;

const SLOW_LOG: Text = {
  en: 'For the slow log; on many boxes the folder is missing, and the log then stays off without a word.',
  zh: '存放慢日志;很多机器上没有这个目录,慢日志就会悄悄失效。',
};

/** What is added to the unit of a database. */
export function databaseUnit(
  unit: string,
  target: string,
  planned: PlannedDatabase,
  meanings: DropIn['meanings'],
  language: Language,
): RenderedFile {
  const more = [because(SLOW_LOG, 'LogsDirectory=mysql', 'LogsDirectoryMode=0750')];
  const limits = { openFiles: OPEN_FILES, restartSeconds: RESTART_SECONDS, more };
  return unitDropIn({ unit, target, planned, meanings, ...limits }, language);
}
