import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { say, type Text } from '@maque/kit';
import { lineDiff } from '@maque/ops/changes';
import { type RenderedFile, targets } from '@maque/ops/render';
import type { ExitCode, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { systemReason } from '../cli/system-reason.ts';
import { nextSteps } from './show-files.ts';

const WORDS = {
  made: { en: 'new      {path}', zh: '新建    {path}' },
  same: { en: 'the same {path}', zh: '未变    {path}' },
  replaced: { en: 'replaced {path}', zh: '已覆盖  {path}' },
  kept: { en: 'differs  {path}: stays as it is', zh: '有差异  {path}：保持不动' },
  next: {
    en: '\nTo use what belongs to a project or to another machine, there:',
    zh: '\n使用属于项目或其他机器的文件时，请在那里执行：',
  },
  force: {
    en: 'files that differ: {count}; --force replaces them',
    zh: '{count} 个文件有差异；加 --force 可覆盖',
  },
} satisfies Record<string, Text>;

const NO_FILE: Text = { en: 'what is there is no file', zh: '该路径上已有的不是普通文件' };
const USUAL_MODE = 0o644;

/** Writes files into a folder, each at its path. Ends with 1 where something that differs was left. */
export async function writeTree(
  files: readonly RenderedFile[],
  { folder, force }: { readonly folder: string; readonly force: boolean },
  { terminal, language, cwd }: Surroundings,
): Promise<ExitCode> {
  let kept = 0;
  for (const file of files) {
    const path = join(resolve(cwd, folder), file.path);
    const before = await readOld(path);
    const tell = (text: Text) => terminal.out(say(text, language, { path: join(folder, file.path) }));
    if (before === file.content) {
      tell(WORDS.same);
      continue;
    }
    if (before !== undefined && !force) kept += 1;
    else await write(path, file);
    tell(before === undefined ? WORDS.made : force ? WORDS.replaced : WORDS.kept);
    if (before !== undefined) for (const line of lineDiff(before, file.content)) terminal.out(`  ${line}`);
  }
  if (kept > 0) terminal.error(say(WORDS.force, language, { count: kept }));
  const steps = nextSteps(files.filter(isElsewhere));
  if (steps.length > 0) terminal.error([say(WORDS.next, language), ...steps].join('\n  '));
  return kept > 0 ? 1 : 0;
}

/** What `--apply` never writes, and so never tells of. */
function isElsewhere({ target }: RenderedFile): boolean {
  return targets.find(({ name }) => name === target)?.belongsTo !== 'server';
}

/** Undefined where nothing is there. @throws CodedError OUTPUT_UNWRITABLE for what is no file */
async function readOld(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw commandErrors.OUTPUT_UNWRITABLE({ data: { file: path, reason: NO_FILE } });
  return readFile(path, 'utf8');
}

/** Whole or not at all. @throws CodedError OUTPUT_UNWRITABLE */
async function write(path: string, { content, mode = USUAL_MODE }: RenderedFile): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, content, { flag: 'wx' });
    await chmod(draft, mode);
    await rename(draft, path);
  } catch (error) {
    // Where a part of the path is a file, there is nothing to be taken away either.
    await rm(draft, { force: true }).catch(() => undefined);
    const reason = systemReason(error as NodeJS.ErrnoException);
    throw commandErrors.OUTPUT_UNWRITABLE({ data: { file: path, reason }, cause: error });
  }
}
