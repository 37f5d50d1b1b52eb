import { formatBytes, type Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { type MountFacts, readMounts } from '../facts/mounts.ts';
import type { DiskSpace, Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

// At 80 % there is time to look; at 92 % of 40 GB one backup or one bad night of logs is left.
const WARN_SHARE = 0.8;
const CRITICAL_SHARE = 0.92;

const FULL: Text = {
  en: '{folder} is {share} % full: {free} of {total} are left',
  zh: '{folder} 已用 {share}%：总计 {total}，剩余 {free}',
};
const NO_INODES: Text = {
  en: '{folder} has used {share} % of its inodes: {free} more files fit, whatever their size',
  zh: '{folder} 的 inode 已用 {share}%：无论大小，只能再建 {free} 个文件',
};

const FIX: readonly FixLine[] = [
  {
    where: { en: 'see what takes the room', zh: '查看谁占用空间' },
    lines: [
      'du -xh --max-depth=2 / 2>/dev/null | sort -h | tail -20',
      'journalctl --vacuum-size=200M',
      'apt-get clean || yum clean all',
      'docker system df',
    ],
  },
];
const INODES_FIX: readonly FixLine[] = [
  {
    where: { en: 'see which folders have the most files', zh: '查看哪些目录文件最多' },
    lines: ['du -x --inodes --max-depth=3 / 2>/dev/null | sort -n | tail -20'],
  },
];

export const diskSpace: Check = {
  id: 'G1',
  name: 'disk-space',
  group: 'disk',
  title: { en: 'Room on the disks', zh: '磁盘空间' },
  why: {
    en: 'A full disk stops the database in the middle of a transaction and keeps everything else from starting. Warned at 80 %, critical at 92 %: less than one backup of a small shop is left.',
    zh: '磁盘写满会让数据库在事务中途停住，其他程序也无法启动。80% 警告，92% 严重：剩下的空间已放不下一份备份。',
  },
  explanation: {
    en: 'Disks run full by bytes, or by inodes (the number of files), of which there is a fixed count. The room that is reserved for root counts as full, as it is for apps.',
    zh: '磁盘可能被字节写满，也可能被 inode（文件个数）用尽，后者的总数是固定的。为 root 保留的空间对应用而言也算已用。',
  },
  async look({ host }) {
    const mounts = await readMounts(host);
    if (mounts.kind !== 'value') return [cannotRead('/proc/mounts', mounts)];
    const outcomes = await Promise.all(mounts.value.map((mount) => ofMount(host, mount)));
    return outcomes.length === 0 ? NOT_APPLICABLE : outcomes.flat();
  },
};

async function ofMount(host: Host, { folder, device }: MountFacts): Promise<readonly Outcome[]> {
  const space = await host.space(folder);
  if (space.kind !== 'value') return [cannotRead(folder, space)];
  const { totalBytes, freeBytes, totalInodes, freeInodes } = space.value;
  const evidence = `${device} ${folder}: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)}, ${freeInodes} of ${totalInodes} inodes free`;
  const shares = usedShares(space.value);
  const problems: Outcome[] = [];
  if (shares.bytes > WARN_SHARE) {
    const data = {
      folder,
      share: percent(shares.bytes),
      free: formatBytes(freeBytes),
      total: formatBytes(totalBytes),
    };
    problems.push({
      kind: 'finding',
      severity: severityOf(shares.bytes),
      text: FULL,
      data,
      evidence,
      fix: FIX,
    });
  }
  if (shares.inodes > WARN_SHARE) {
    const data = { folder, share: percent(shares.inodes), free: freeInodes };
    const severity = severityOf(shares.inodes);
    problems.push({ kind: 'finding', severity, text: NO_INODES, data, evidence, fix: INODES_FIX });
  }
  return problems.length > 0 ? problems : [{ kind: 'ok', evidence }];
}

/** Btrfs and some others have no fixed number of inodes, and say zero. */
function usedShares({ totalBytes, freeBytes, totalInodes, freeInodes }: DiskSpace) {
  const used = (total: number, free: number) => (total === 0 ? 0 : 1 - free / total);
  return { bytes: used(totalBytes, freeBytes), inodes: used(totalInodes, freeInodes) };
}

function severityOf(share: number): 'critical' | 'warning' {
  return share > CRITICAL_SHARE ? 'critical' : 'warning';
}

function percent(share: number): number {
  return Math.round(share * 100);
}
