import { formatBytes, say, type Text } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { backupsOf, backupTarget } from './app-backups.ts';

const WORDS = {
  none: { en: 'No backups in {place}', zh: '{place} 中没有备份' },
  scheduled: { en: 'by schedule', zh: '定时' },
  asked: { en: 'by hand', zh: '手动' },
} satisfies Record<string, Text>;

/** `maque backups`. */
export async function listBackups(invocation: Invocation): Promise<ExitCode> {
  const { terminal, language } = invocation.surroundings;
  const { backups, dataDir } = backupsOf(invocation, invocation.arguments[0]);
  const listed = await backups.list(backupTarget(invocation.options.in, invocation)).catch((error) => {
    throw deniedOr(error, dataDir);
  });
  if (invocation.options.json === true) {
    terminal.out(JSON.stringify(listed, undefined, 2));
    return 0;
  }
  if (listed.backups.length === 0) terminal.out(say(WORDS.none, language, { place: listed.place }));
  for (const { name, kind, database } of listed.backups) {
    terminal.out(`${name}  ${formatBytes(database.bytes).padStart(9)}  ${say(WORDS[kind], language)}`);
  }
  return 0;
}
