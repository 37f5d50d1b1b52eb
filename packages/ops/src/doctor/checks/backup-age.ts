import { formatDuration, HOUR, type Milliseconds, type Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { findDumps } from '../facts/database-dumps.ts';
import { type MaqueData, readMaqueData } from '../facts/maque-data.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

/** A nightly one that failed once; a day's orders are already at stake. */
const OLDEST: Milliseconds = 48 * HOUR;

const MAQUE_NONE: Text = {
  en: '{folder} has no backup: a mistake or a lost disk loses everything',
  zh: '{folder} 没有任何备份：误操作或磁盘损坏会丢失全部数据',
};
const MAQUE_OLD: Text = {
  en: 'the newest backup of {folder} is {age} old',
  zh: '{folder} 最新的备份是 {age} 之前的',
};
const DUMP_NONE: Text = {
  en: 'a database runs here, and no dump of it was found in any usual place',
  zh: '本机运行着数据库，但在常见位置没有找到任何备份文件',
};
const DUMP_OLD: Text = {
  en: 'the newest dump that was found, {path}, is {age} old',
  zh: '找到的最新备份 {path} 是 {age} 之前的',
};
const IN_STORE: Text = {
  en: 'the backups of {folder} go to an object store: maque backup --list shows them',
  zh: '{folder} 的备份存放在对象存储，请用 maque backup --list 查看',
};

const MAQUE_FIX: readonly FixLine[] = [
  { where: { en: 'now', zh: '立即备份' }, lines: ['maque backup'] },
  { where: { en: 'in the environment of the app', zh: '应用的环境变量' }, lines: ['MAQUE_BACKUP_EVERY=24h'] },
];
const DUMP_FIX: readonly FixLine[] = [
  {
    where: {
      en: 'in /etc/cron.d/database-backup, and copy it off the box',
      zh: '写入 /etc/cron.d/database-backup，并把备份复制到别的机器',
    },
    lines: [
      '15 4 * * * root umask 077; mkdir -p /var/backups/mysql && mysqldump --single-transaction --all-databases | gzip > /var/backups/mysql/all-$(date +\\%F).sql.gz && find /var/backups/mysql -name "*.sql.gz" -mtime +7 -delete',
    ],
  },
];

export const backupAge: Check = {
  id: 'G7',
  name: 'backup-age',
  group: 'disk',
  title: { en: 'Age of the newest backup', zh: '最新备份的时间' },
  why: {
    en: 'A database that the kernel killed may need one, and so does whoever deletes the wrong table. More than 48 hours means that a nightly backup failed unnoticed.',
    zh: '被内核杀掉的数据库可能需要它，误删表的人更需要它。超过 48 小时，说明每晚的备份已悄悄失败。',
  },
  explanation: {
    en: "The doctor looks for Maque's own backups in its data folder, and for dumps of MariaDB and MySQL in the folders of panels and those that people use. Snapshots of the cloud cannot be seen from here. A backup on the same disk helps against mistakes, not against the loss of the disk.",
    zh: 'maque doctor 会查找 Maque 数据目录中的备份，以及面板和常用目录中的 MariaDB/MySQL 备份文件。云厂商的快照从这里看不到。同一块盘上的备份能防误操作，防不了磁盘损坏。',
  },
  async look(patient) {
    const { host } = patient;
    const [processes, apps] = await Promise.all([patient.processes(), patient.appFolders()]);
    if (processes.kind === 'unreadable') return [cannotRead('/proc', processes)];
    const all = await readMaqueData(host, processes.kind === 'value' ? processes.value : [], apps.folders);
    const ofMaque = all.filter(({ isDevelopment }) => !isDevelopment).map((data) => ofData(data, host.nowMs));
    const outcomes = [...ofMaque, ...(await ofDatabase(patient))];
    if (outcomes.length > 0) return outcomes;
    if (apps.hidden > 0) return [cannotRead('/proc/*/cwd', { kind: 'unreadable', reason: 'EACCES' })];
    return NOT_APPLICABLE;
  },
};

function ofData({ folder, backsUpToStore, newestBackupMs }: MaqueData, nowMs: number): Outcome {
  const path = `${folder}/backups`;
  if (newestBackupMs === undefined) return cannotRead(path, { kind: 'unreadable', reason: 'EACCES' });
  const age = newestBackupMs === null ? null : nowMs - newestBackupMs;
  const evidence = age === null ? `${path}: none` : `${path}: ${formatDuration(age)}`;
  if (age !== null && age <= OLDEST) return { kind: 'ok', evidence };
  if (backsUpToStore) return { kind: 'unknown', reason: IN_STORE, data: { folder } };
  const data = { folder, ...(age !== null && { age: formatDuration(age) }) };
  const text = age === null ? MAQUE_NONE : MAQUE_OLD;
  return { kind: 'finding', severity: 'warning', text, data, evidence, fix: MAQUE_FIX };
}

async function ofDatabase(patient: Patient): Promise<readonly Outcome[]> {
  const services = await patient.services();
  const runs = services.kind === 'value' && services.value.some(({ programs }) => programs.has('database'));
  if (!runs) return [];
  const { newest, closed } = await findDumps(patient.host, (await patient.appFolders()).folders);
  const age = newest === null ? null : patient.host.nowMs - newest.modifiedAtMs;
  if (newest !== null && age !== null && age <= OLDEST)
    return [{ kind: 'ok', evidence: `${newest.path}: ${formatDuration(age)}` }];
  // It may be where nobody but root may look.
  if (closed.length > 0)
    return closed.map((path) => cannotRead(path, { kind: 'unreadable', reason: 'EACCES' }));
  if (newest === null || age === null)
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: DUMP_NONE,
        data: {},
        evidence: 'no *.sql, *.sql.gz, … found',
        fix: DUMP_FIX,
      },
    ];
  const data = { path: newest.path, age: formatDuration(age) };
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: DUMP_OLD,
      data,
      evidence: `${newest.path}: ${data.age}`,
      fix: DUMP_FIX,
    },
  ];
}
