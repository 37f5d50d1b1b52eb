import { getSystemErrorMessage } from 'node:util';
import type { Text } from '@maque/kit';

/** Why the system said no, where people meet it; the rest is told in the system's own words. */
const REASONS: Readonly<Record<string, Text>> = {
  ENOENT: { en: 'no such file or directory', zh: '文件或目录不存在' },
  EACCES: { en: 'permission denied', zh: '没有权限' },
  EPERM: { en: 'operation not permitted', zh: '不允许的操作' },
  EISDIR: { en: 'it is a folder, not a file', zh: '这是目录，不是文件' },
  ENOTDIR: { en: 'a part of the path is no folder', zh: '路径中有一段不是目录' },
  EIO: { en: 'the disk reports an error', zh: '磁盘读写出错' },
  Z_DATA_ERROR: { en: 'it is damaged: what is packed in it cannot be read', zh: '文件已损坏，无法解压' },
};

/** @param error of the file system, of a program that could not be started, or of unpacking */
export function systemReason({ code = '', errno, message }: NodeJS.ErrnoException): Text | string {
  const known = REASONS[code];
  if (known !== undefined) return known;
  // Numbers of other libraries mean other things.
  return errno === undefined || !code.startsWith('E') ? message : getSystemErrorMessage(errno);
}
