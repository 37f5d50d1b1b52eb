import { createHash } from 'node:crypto';
import { access, mkdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CodedError, type Text } from '@maque/kit';
import { lineDiff } from '../present/line-diff.ts';
import { isPlainPath } from '../tree/path-in-tree.ts';
import { changeErrors } from './change-errors.ts';
import type { ChangeJournal, ChangeRecord } from './change-journal.ts';
import { type FileState, readState, writeState } from './file-state.ts';

/** A change of one file that somebody wants. */
export interface WantedChange {
  /** As the server calls it. */
  readonly path: string;
  /** Why, such as the id of a check. */
  readonly reason: string;
  /** The whole new content, made from the old one; null where there was no such file. */
  readonly rewrite: (before: string | null) => string;
  /** Permission bits that it must have; where none are told, an old file keeps its own. */
  readonly mode?: number;
  /** What makes it count, such as `sysctl --system`. */
  readonly apply?: readonly string[];
}

/** The same, looked at: what would change. */
export interface PreparedChange extends WantedChange {
  readonly before: FileState | null;
  readonly after: string;
  readonly diff: readonly string[];
}

/** What a file that was not there gets: configuration that everybody may read. */
const NEW_FILE_MODE = 0o644;

/**
 * Works out a change without making it.
 * @param root `/`, or a copy of a server's tree
 * @returns undefined where the file is as it should be
 * @throws CodedError CHANGE_THROUGH_LINK, CHANGE_OF_NO_FILE, CHANGE_OF_NO_TEXT, CHANGE_DENIED
 */
export async function prepareChange(root: string, wanted: WantedChange): Promise<PreparedChange | undefined> {
  const { path } = wanted;
  if (!(await isPlainPath(root, path))) throw changeErrors.CHANGE_THROUGH_LINK({ data: { path } });
  const before = await told(path, () => readState(join(root, path), path));
  const text = before === null ? null : textOf(before.content);
  if (text === undefined) throw changeErrors.CHANGE_OF_NO_TEXT({ data: { path } });
  const after = wanted.rewrite(text);
  const modes = before === null ? [] : modeDiff(before.mode, wanted.mode);
  if (after === text && modes.length === 0) return undefined;
  return { ...wanted, before, after, diff: [...modes, ...lineDiff(text ?? '', after)] };
}

function modeDiff(before: number, wanted: number | undefined): readonly string[] {
  if (wanted === undefined || wanted === before) return [];
  return [`-mode ${before.toString(8)}`, `+mode ${wanted.toString(8)}`];
}

/**
 * Makes a change, after what undoes it is on the disk.
 * @throws CodedError CHANGED_MEANWHILE, CHANGE_DENIED, CHANGE_BACKUPS_FULL
 */
export async function applyChange(
  root: string,
  journal: ChangeJournal,
  { path, reason, before, after, mode, apply }: PreparedChange,
  nowMs: number,
): Promise<void> {
  const target = join(root, path);
  const content = Buffer.from(after);
  await told(path, async () => {
    const now = await readState(target, path);
    if (!isSame(now, before)) throw changeErrors.CHANGED_MEANWHILE({ data: { path } });
    const madeFolders = [
      ...(await missingFolders(dirname(target))),
      ...(await missingFolders(journal.folder)),
    ];
    const time = new Date(nowMs).toISOString();
    const record = { time, reason, path, before, after: hashOf(content), madeFolders, apply: apply ?? null };
    await backUp(journal, record);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    await writeState(target, { uid, gid, ...before, mode: mode ?? before?.mode ?? NEW_FILE_MODE, content });
  });
}

/** @throws CodedError CHANGE_BACKUP_DENIED, CHANGE_BACKUPS_FULL */
async function backUp(journal: ChangeJournal, record: ChangeRecord): Promise<void> {
  try {
    await journal.add(record);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const data = { path: record.path, folder: journal.folder, reason: reasonOf(error) };
    throw changeErrors.CHANGE_BACKUP_DENIED({ data, cause: error });
  }
}

/** Folders that would have to be made, the deepest first. */
async function missingFolders(folder: string): Promise<string[]> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? [] : [folder, ...(await missingFolders(dirname(folder)))];
}

/** Takes away folders that were made, as far as nobody has put something there since. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => {});
}

export function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function isSame(one: FileState | null, other: FileState | null): boolean {
  return one === null || other === null ? one === other : one.content.equals(other.content);
}

/** Undefined where it is none. */
function textOf(content: Buffer): string | undefined {
  const text = content.toString('utf8');
  return Buffer.from(text).equals(content) ? text : undefined;
}

/** Errors of the system with the path that the server knows. @throws CodedError CHANGE_DENIED */
export async function told<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw changeErrors.CHANGE_DENIED({ data: { path, reason: reasonOf(error) }, cause: error });
  }
}

/** What a person can do something about; anything else is told by its code. */
const REASONS: Readonly<Record<string, Text>> = {
  EACCES: { en: 'not allowed (EACCES); as root, or with sudo', zh: '没有权限（EACCES），请用 root 或 sudo' },
  EPERM: {
    en: 'not allowed (EPERM); lsattr tells whether it is locked',
    zh: '不允许（EPERM），可用 lsattr 查看是否被锁定',
  },
  ENOSPC: { en: 'the disk is full (ENOSPC); df -h tells which', zh: '磁盘已满（ENOSPC），可用 df -h 查看' },
  EDQUOT: { en: 'the quota is used up (EDQUOT)', zh: '磁盘配额已用完（EDQUOT）' },
  EROFS: { en: 'the file system is read-only (EROFS)', zh: '文件系统只读（EROFS）' },
  EBUSY: {
    en: 'it is in use, in a container perhaps mounted (EBUSY)',
    zh: '正被占用，容器里可能是挂载的文件（EBUSY）',
  },
};

function reasonOf(error: unknown): Text | string {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? code;
}
