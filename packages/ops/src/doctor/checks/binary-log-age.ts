import { type Bytes, DAY, formatBytes, formatDuration, GiB, SECOND, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { ask } from '../facts/database-answer.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { amountOf, isOn } from '../facts/database-settings.ts';
import { pathSeenBy } from '../facts/program-version.ts';
import { answerOf, lookAtDatabases, needsFiles } from '../look-at-databases.ts';
import type { Patient } from '../patient.ts';
import { setDatabase } from '../repairs/set-database.ts';

const MOST_DAYS = 7;
/** System disks of small cloud servers have 40 to 60 GiB. */
const SMALL_DISK_BYTES: Bytes = 64 * GiB;
const ADVISED_SECONDS = 259_200;

export const ASK_LOGS = 'SHOW BINARY LOGS';

const FOR_EVER: Text = {
  en: '{name}: binary logs are kept for ever ({size} by now)',
  zh: '{name}：binlog 永不过期（目前 {size}）',
};
const TOO_LONG: Text = {
  en: '{name}: binary logs are kept for {age} ({size} by now), on a disk of {disk}',
  zh: '{name}：binlog 保留 {age}（目前 {size}），而磁盘只有 {disk}',
};
const NOT_KNOWN: Text = { en: 'size not known', zh: '大小未知' };

export const binaryLogAge: Check = {
  id: 'D7',
  name: 'binary-log-age',
  group: 'database',
  title: { en: 'Age of binary logs', zh: 'binlog 保留时间' },
  why: {
    en: "Each change is written to them a second time. MariaDB's default is to keep them for ever, MySQL's 30 days: on a disk of 40 GB that is what fills it, and a full disk stops the database.",
    zh: '每次写入都会再写一份 binlog。MariaDB 默认永久保留，MySQL 默认 30 天：40 GB 的磁盘往往就这样写满，而磁盘满了数据库就停了。',
  },
  explanation: {
    en: 'Binary logs are for replicas, and for going back to a moment between two backups. They need to reach back to the last backup, with some days to spare.',
    zh: 'binlog 用于主从复制，以及恢复到两次备份之间的某一时刻。保留到上一次备份之前几天就够了。',
  },
  async look(patient) {
    return lookAtDatabases(patient, (server) => judge(server, patient));
  },
};

async function judge(server: DatabaseServer, patient: Patient): Promise<Outcome> {
  const { name } = server;
  const log = server.setting('log_bin');
  if (log === undefined) return needsFiles(server, 'log_bin');
  if (!isOn(log.value)) return { kind: 'ok', evidence: `${name}: log_bin=OFF (${log.from})` };
  const [inSeconds, inDays] = [
    server.setting('binlog_expire_logs_seconds'),
    server.setting('expire_logs_days'),
  ];
  if (inSeconds === undefined && inDays === undefined)
    return needsFiles(server, 'binlog_expire_logs_seconds');
  const ageMs = ageOf(inSeconds, inDays);
  const size = await sizeOf(server, patient);
  const disk = await patient.host.space(
    pathSeenBy(server.process, server.setting('datadir')?.value ?? '/var/lib/mysql'),
  );
  const hasSmallDisk = disk.kind !== 'value' || disk.value.totalBytes <= SMALL_DISK_BYTES;
  const evidence = `${name}: log_bin=${log.value} binlog_expire_logs_seconds=${inSeconds?.value} expire_logs_days=${inDays?.value}${size === undefined ? '' : ` size=${formatBytes(size)}`}`;
  const isBounded = amountOf(server.setting('max_binlog_total_size')?.value ?? '0') > 0;
  const isTooOld = ageMs > MOST_DAYS * DAY && hasSmallDisk;
  if (isBounded || (ageMs > 0 && !isTooOld)) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'warning',
    text: ageMs === 0 ? FOR_EVER : TOO_LONG,
    data: {
      name,
      age: formatDuration(ageMs),
      size: size === undefined ? NOT_KNOWN : formatBytes(size),
      disk: disk.kind === 'value' ? formatBytes(disk.value.totalBytes) : '?',
    },
    evidence,
    fix: setDatabase(server, [
      // Before MariaDB 10.6 and MySQL 8.0 there are only days.
      /^(5\.|10\.[0-5]\.)/.test(server.version ?? '')
        ? 'expire_logs_days = 3'
        : `binlog_expire_logs_seconds = ${ADVISED_SECONDS}`,
    ]),
  };
}

interface Amount {
  readonly value: string;
  readonly from: string;
}

/** Of the two settings the one that somebody set; zero is for ever. */
function ageOf(inSeconds: Amount | undefined, inDays: Amount | undefined): number {
  const seconds = amountOf(inSeconds?.value ?? '0') * SECOND;
  const days = amountOf(inDays?.value ?? '0') * DAY;
  return inDays !== undefined && inDays.from !== 'default' && days > 0 ? days : seconds;
}

async function sizeOf(server: DatabaseServer, { host }: Patient): Promise<Bytes | undefined> {
  const answer = answerOf(server);
  const rows = answer === undefined ? undefined : await ask(host, answer.door, ASK_LOGS);
  return rows?.kind === 'value' ? rows.value.reduce((sum, [, bytes]) => sum + Number(bytes), 0) : undefined;
}
