import { type AlertRule, type ExampleSeries, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';
import type { Watched } from '../watched.ts';

const ofBox =
  <Level>(...levels: readonly Level[]) =>
  ({ hasNodeExporter }: Watched): readonly Level[] =>
    hasNodeExporter ? levels : [];

/** Disks that can fill up; what lives in memory or is an image cannot. */
const DISKS = '{fstype=~"ext[234]|xfs|btrfs|f2fs|zfs|overlay|vfat"}';
const LABELS = '{device="/dev/vda1",mountpoint="/",fstype="ext4"}';

/** Six hours of history and a day ahead, in seconds. */
const DAY_AHEAD = `predict_linear(node_filesystem_avail_bytes${DISKS}[6h], 86400)`;

function used(free: string, all: string, share: number): ExampleSeries[] {
  return [steady(`${free}${LABELS}`, (1 - share) * 50e9), steady(`${all}${LABELS}`, 50e9)];
}

/** Of disks, as node_exporter sees them. */
export const diskAlerts: readonly AlertRule[] = [
  {
    name: 'BoxDiskFull',
    measure: `1 - node_filesystem_avail_bytes${DISKS} / node_filesystem_size_bytes${DISKS}`,
    alarmsWhen: 'above',
    levels: ofBox(
      { severity: 'warning', limit: 0.8, forMinutes: 10 },
      { severity: 'critical', limit: 0.92, forMinutes: 5 },
    ),
    unit: 'share',
    summary: { en: '{box}: {mountpoint} is {value} full', zh: '{box}：{mountpoint} 已用 {value}' },
    advice: {
      en: 'du -xhd1 {mountpoint} | sort -h; journalctl --vacuum-size=200M; old backups and logs first',
      zh: '用 du -xhd1 {mountpoint} | sort -h 找大头；journalctl --vacuum-size=200M；先清旧备份和日志',
    },
    guide: GUIDE.doctor,
    meaning: {
      short: { en: 'share of the disk in use', zh: '磁盘使用比例' },
      explanation: {
        en: 'A full disk stops the database in the middle of a write. At 80 % there are days left, at 92 % hours.',
        zh: '磁盘写满时，数据库会停在写到一半的地方。80% 时还有几天，92% 时只有几小时。',
      },
      source: SOURCES.doctor,
    },
    example: (value) => used('node_filesystem_avail_bytes', 'node_filesystem_size_bytes', value),
  },
  {
    name: 'BoxInodesUsed',
    measure: `1 - node_filesystem_files_free${DISKS} / node_filesystem_files${DISKS}`,
    alarmsWhen: 'above',
    levels: ofBox(
      { severity: 'warning', limit: 0.8, forMinutes: 10 },
      { severity: 'critical', limit: 0.92, forMinutes: 5 },
    ),
    unit: 'share',
    summary: {
      en: '{box}: {mountpoint} has used {value} of its inodes',
      zh: '{box}：{mountpoint} 的 inode 已用 {value}',
    },
    advice: {
      en: 'Millions of small files: sessions, caches, mail. du --inodes -xd1 {mountpoint} | sort -n',
      zh: '有几百万个小文件：会话、缓存、邮件。用 du --inodes -xd1 {mountpoint} | sort -n 查找',
    },
    guide: GUIDE.doctor,
    meaning: {
      short: { en: 'share of the files that the disk can hold', zh: '磁盘可容纳文件数的使用比例' },
      explanation: {
        en: 'Without inodes no file can be made, although df shows room: "No space left on device" that nobody understands.',
        zh: 'inode 用完就不能再建文件，而 df 仍显示有空间：让人摸不着头脑的“设备上没有空间”。',
      },
      source: SOURCES.doctor,
    },
    example: (value) => used('node_filesystem_files_free', 'node_filesystem_files', value),
  },
  {
    name: 'BoxDiskFillsUp',
    measure: DAY_AHEAD,
    alarmsWhen: 'below',
    levels: ofBox({ severity: 'warning', limit: 0, forMinutes: 30 }),
    // An empty disk that takes an import fills up in no time by this sum.
    guard: `node_filesystem_avail_bytes${DISKS} / node_filesystem_size_bytes${DISKS} < 0.5`,
    unit: 'bytes',
    summary: {
      en: '{box}: {mountpoint} is full within a day at this rate',
      zh: '{box}：照此速度，{mountpoint} 一天内会写满',
    },
    advice: {
      en: 'Find what grows: ls -lt --time-style=+%T /var/log, and the logs of the app and the database',
      zh: '找出在增长的文件：ls -lt /var/log，以及应用和数据库的日志',
    },
    guide: GUIDE.doctor,
    meaning: {
      short: {
        en: 'room that is left in a day, by the last six hours',
        zh: '按近六小时推算，一天后的剩余空间',
      },
      explanation: {
        en: 'A log that nobody rotates fills a disk in a night. Told only when less than half is free, so that an import on an empty disk is none of it.',
        zh: '没有轮转的日志一晚就能写满磁盘。只在剩余不到一半时才告警，避免为空盘上的导入报警。',
      },
      source: SOURCES.custom,
    },
    // Below zero by as much as it is above it when calm.
    example: (value) => [
      rising(`node_filesystem_avail_bytes${LABELS}`, value < 0 ? -0.05e9 : 0, 20e9),
      steady(`node_filesystem_size_bytes${LABELS}`, 50e9),
    ],
  },
  {
    name: 'BoxDiskReadOnly',
    measure: 'node_filesystem_readonly{fstype=~"ext[234]|xfs|btrfs|f2fs"}',
    alarmsWhen: 'above',
    levels: ofBox({ severity: 'critical', limit: 0, forMinutes: 1 }),
    unit: 'number',
    summary: { en: '{box}: {mountpoint} can only be read', zh: '{box}：{mountpoint} 变成了只读' },
    advice: {
      en: 'dmesg | grep -i error: the kernel does this when a disk fails. Back up what can still be read',
      zh: '看 dmesg | grep -i error：磁盘出错时内核会改成只读。先备份还能读的数据',
    },
    guide: GUIDE.backups,
    meaning: {
      short: { en: 'a disk of this box is mounted read-only', zh: '磁盘以只读方式挂载' },
      explanation: {
        en: 'ext4 and XFS stop writing after an error of the disk, to save what is there.',
        zh: 'ext4 与 XFS 在磁盘出错后会停止写入，以保全已有数据。',
      },
      source: SOURCES.event,
    },
    example: (value) => [steady(`node_filesystem_readonly${LABELS}`, value)],
  },
];
