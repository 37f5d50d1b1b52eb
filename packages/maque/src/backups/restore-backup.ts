import { resolve } from 'node:path';
import { say, type Text } from '@maque/kit';
import type { CheckedBackup } from '@maque/server/backups';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { refuseSecondStart } from '../control/ask-keeper.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { backupsOf, backupTarget } from './app-backups.ts';

const WORDS = {
  whole: {
    en: '{name} is whole: {tables} tables, {rows} records',
    zh: '{name} 校验通过：{tables} 张表，{rows} 条记录',
  },
  noFiles: {
    en: 'Uploaded files are not in it; those that are there stay',
    zh: '其中不含上传的文件；现有文件保持不变',
  },
  noSecrets: {
    en: 'The keys are not in it; those that are there stay. With other keys all have to log in again',
    zh: '其中不含密钥；现有密钥保持不变。若密钥不同，所有人需重新登录',
  },
  restored: { en: 'Restored into {dataDir}', zh: '已恢复到 {dataDir}' },
  before: { en: 'What was there before is in {before}', zh: '原有数据保存在 {before}' },
} satisfies Record<string, Text>;

/** `maque restore`: nothing of what is there is touched before all of the backup was read. */
export async function restoreBackup(invocation: Invocation): Promise<ExitCode> {
  const { options, surroundings } = invocation;
  const [written] = invocation.arguments;
  if (written === undefined) {
    throw commandErrors.ARGUMENT_MISSING({ data: { name: 'restore', usage: '<backup>' } });
  }
  const app = typeof options.app === 'string' ? options.app : undefined;
  const { backups, dataDir } = backupsOf(invocation, app);
  const isTrial = options.check === true;
  try {
    if (!isTrial) await refuseSecondStart(dataDir);
    const checked = await backups.check(
      pathOrName(written, surroundings),
      backupTarget(options.from, invocation),
    );
    const restored = isTrial ? null : await backups.restore(checked);
    tell(checked, { dataDir, restored, isJson: options.json === true }, surroundings);
    return 0;
  } catch (error) {
    throw deniedOr(error, dataDir);
  }
}

/** Names have no slash and no ending that files have. */
function pathOrName(written: string, { cwd }: Surroundings): string {
  return /[/\\]|\.db$/.test(written) ? resolve(cwd, written) : written;
}

function tell(
  checked: CheckedBackup,
  outcome: {
    readonly dataDir: string;
    readonly restored: { readonly before: string | null } | null;
    readonly isJson: boolean;
  },
  { terminal, language }: Surroundings,
): void {
  const { name, content, uploads, secrets } = checked;
  const { dataDir, restored } = outcome;
  if (outcome.isJson) {
    const facts = {
      name,
      tables: content.tables,
      hasFiles: uploads !== undefined,
      hasSecrets: secrets !== undefined,
    };
    terminal.out(JSON.stringify({ ...facts, restored }, undefined, 2));
    return;
  }
  const rows = content.tables.reduce((sum, table) => sum + table.rows, 0);
  terminal.out(say(WORDS.whole, language, { name, tables: content.tables.length, rows }));
  if (uploads === undefined) terminal.out(say(WORDS.noFiles, language));
  if (secrets === undefined) terminal.out(say(WORDS.noSecrets, language));
  if (restored === null) return;
  terminal.out(say(WORDS.restored, language, { dataDir }));
  if (restored.before !== null) terminal.out(say(WORDS.before, language, { before: restored.before }));
}
