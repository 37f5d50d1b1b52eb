import { formatBytes, SECOND, say, type Text } from '@maque/kit';
import type { BackupManifest, BackupProgress } from '@maque/server/backups';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { backupsOf, backupTarget } from './app-backups.ts';

const WORDS = {
  progress: { en: '… {done} of {total}', zh: '… {done} / {total}' },
  done: { en: '{name} in {place}, read again and found whole:', zh: '{name} 已存入 {place}，并已回读校验：' },
  database: { en: '  database  {bytes}, {rows} records', zh: '  数据库  {bytes}，{rows} 条记录' },
  files: { en: '  files     {count}, {bytes}', zh: '  文件    {count} 个，{bytes}' },
  filesElsewhere: { en: '  files     stay in the object store', zh: '  文件    仍在对象存储中' },
  secrets: {
    en: '  keys      in it: keep it where only you can read it',
    zh: '  密钥    已包含：请保存在只有你能读取的地方',
  },
  noSecrets: {
    en: '  keys      not in it: secrets.json of the data folder has to be kept elsewhere',
    zh: '  密钥    未包含：请另行保存数据目录中的 secrets.json',
  },
} satisfies Record<string, Text>;

// 100 MiB take a second: nobody is told of less.
const PROGRESS_EVERY = 3 * SECOND;

/** `maque backup`. */
export async function makeBackup(invocation: Invocation): Promise<ExitCode> {
  const { options, surroundings } = invocation;
  const { terminal, language } = surroundings;
  const { backups, dataDir } = backupsOf(invocation, invocation.arguments[0]);
  const request = {
    to: backupTarget(options.to, invocation),
    hasSecrets: options['without-secrets'] !== true,
    onProgress: teller(surroundings),
  };
  const made = await backups.make(request).catch((error) => {
    throw deniedOr(error, dataDir);
  });
  if (options.json === true) terminal.out(JSON.stringify(made, undefined, 2));
  else {
    terminal.out(say(WORDS.done, language, { name: made.manifest.name, place: made.place }));
    for (const line of linesOf(made.manifest, language)) terminal.out(line);
  }
  return 0;
}

function linesOf(
  { database, files, hasSecrets }: BackupManifest,
  language: Surroundings['language'],
): string[] {
  const rows = Object.values(database.rows).reduce((sum, count) => sum + count, 0);
  return [
    say(WORDS.database, language, { bytes: formatBytes(database.bytes), rows }),
    files === null
      ? say(WORDS.filesElsewhere, language)
      : say(WORDS.files, language, { count: files.count, bytes: formatBytes(files.bytes) }),
    say(hasSecrets ? WORDS.secrets : WORDS.noSecrets, language),
  ];
}

function teller({ terminal, language }: Surroundings): (progress: BackupProgress) => void {
  let toldAtMs = performance.now();
  return ({ doneBytes, totalBytes }) => {
    if (performance.now() - toldAtMs < PROGRESS_EVERY) return;
    toldAtMs = performance.now();
    const [done, total] = [formatBytes(doneBytes), formatBytes(totalBytes)];
    terminal.error(say(WORDS.progress, language, { done, total }));
  };
}
