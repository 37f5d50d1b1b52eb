import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { OpenFile } from '../facts/open-files.ts';
import { programName } from '../facts/program.ts';
import { unitOf } from '../facts/services.ts';
import type { Host, Reading } from '../host/host.ts';
import { cannotRead } from '../outcomes.ts';

const LARGE: Bytes = 100 * MiB;
/** Temporary tables and buffers of databases are deleted as soon as they are open, by nature. */
const TEMPORARY = /^\/(?:var\/)?tmp\/(?:ib|#|MY|ML)|\/#(?:sql|innodb_temp)|pgsql_tmp/;
const MOST_ASKED = 500;

const KEPT: Text = {
  en: '{program} (pid {pid}) keeps {path} open, which was deleted: {size} of the disk are gone until it closes it',
  zh: '{program}（pid {pid}）仍打开着已删除的 {path}：在它关闭之前，{size} 磁盘空间不会释放',
};

export const deletedFiles: Check = {
  id: 'G4',
  name: 'deleted-files',
  group: 'disk',
  title: { en: 'Deleted files that are still open', zh: '已删除但仍被打开的文件' },
  why: {
    en: 'A log that was removed with rm while its program writes to it goes on taking room: df says that the disk is full, du finds nothing. Above 100 MiB it is worth a restart.',
    zh: '程序正在写的日志被 rm 删除后仍占空间：df 显示磁盘已满，du 却找不到。超过 100 MiB 就值得重启释放。',
  },
  explanation: {
    en: 'A file has a name and content. rm takes the name; the content goes when nobody has it open any more. Empty a log with `: > file` instead of deleting it.',
    zh: '文件由名字和内容组成。rm 只去掉名字；等没有程序打开它，内容才会释放。清空日志请用 `: > 文件`，而不是删除。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const { files, hidden } = await patient.openFiles();
    const deleted = files
      .filter(({ isDeleted, path }) => isDeleted && !TEMPORARY.test(path))
      .slice(0, MOST_ASKED);
    const sizes = await sizesOf(patient.host, deleted);
    if (sizes.kind === 'unreadable') return [cannotRead('stat', sizes)];
    const large = deleted
      .map((file) => ({ file, bytes: sizes.kind === 'value' ? (sizes.value.get(file.descriptor) ?? 0) : 0 }))
      .filter(({ bytes }) => bytes > LARGE);
    const distinct = new Map(large.map((one) => [`${one.file.path} ${one.bytes}`, one]));
    const problems = [...distinct.values()].map(({ file, bytes }) => findingOf(file, bytes));
    if (hidden > 0) problems.push(cannotRead('/proc/*/fd', { kind: 'unreadable', reason: 'EACCES' }));
    if (problems.length > 0) return problems;
    return [
      { kind: 'ok', evidence: `${deleted.length} deleted files are open, none above ${formatBytes(LARGE)}` },
    ];
  },
};

export function sizeArguments(descriptors: readonly string[]): readonly string[] {
  return ['-L', '-c', '%s %n', ...descriptors];
}

/** What a descriptor stands for has no path any more: `stat` follows the link that the kernel keeps. */
async function sizesOf(host: Host, files: readonly OpenFile[]): Promise<Reading<ReadonlyMap<string, Bytes>>> {
  if (files.length === 0) return { kind: 'absent' };
  const output = await host.run('stat', sizeArguments(files.map(({ descriptor }) => descriptor)));
  if (output.kind === 'absent') return { kind: 'unreadable', reason: 'there is no stat' };
  if (output.kind !== 'value') return output;
  const lines = [...output.value.stdout.matchAll(/^(\d+) (\S+)$/gm)];
  return {
    kind: 'value',
    value: new Map(lines.map(([, size, descriptor = '']) => [descriptor, Number(size)])),
  };
}

function findingOf({ process, path, descriptor }: OpenFile, bytes: Bytes): Outcome {
  const unit = unitOf(process.cgroup);
  const data = { program: programName(process), pid: process.pid, path, size: formatBytes(bytes) };
  const restart = unit === null ? `: > ${descriptor}` : `systemctl restart ${unit}`;
  const where =
    unit === null
      ? { en: 'empty it where it is, as root', zh: '以 root 就地清空' }
      : { en: 'its next start gives the room back', zh: '重启该服务即可释放空间' };
  return {
    kind: 'finding',
    severity: 'warning',
    text: KEPT,
    data,
    evidence: `${descriptor} -> ${path} (deleted), ${data.size}`,
    fix: [{ where, lines: [restart] }],
  };
}
