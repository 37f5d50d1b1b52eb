import { type Bytes, DAY, formatBytes, HOUR, MINUTE, MiB, type Milliseconds, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { LogFile } from '../facts/log-files.ts';
import { type LogRotation, rotationOf } from '../facts/log-rotation.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';
import { rotateLog } from '../repairs/rotate-log.ts';
import type { DoctorSample } from '../samples.ts';

/** No editor opens it, and no one reads it. */
const LARGE: Bytes = 100 * MiB;
/** 1.2 GB a day: a disk of 40 GB is full within a month. */
const FAST_PER_HOUR: Bytes = 50 * MiB;
/** Shorter says nothing of an hour, longer says nothing of today. */
const SAMPLE_AGE: readonly [Milliseconds, Milliseconds] = [10 * MINUTE, 2 * DAY];
/** The largest first. */
const MOST_SHOWN = 10;

const NOBODY: Text = {
  en: '{path} has {size}, and nobody rotates it',
  zh: '{path} 已有 {size}，且没有任何轮转规则',
};
const LATE: Text = {
  en: '{path} has {size} though {file} rotates it: by size it would be sooner',
  zh: '{path} 已有 {size}，虽然 {file} 会轮转它：按大小轮转会更及时',
};
const GROWING: Text = {
  en: '{path} grows by {rate} an hour and has {size}',
  zh: '{path} 每小时增长 {rate}，现有 {size}',
};

export const largeLogs: Check = {
  id: 'G3',
  name: 'large-logs',
  group: 'disk',
  title: { en: 'Large log files', zh: '过大的日志文件' },
  why: {
    en: 'A log above 100 MiB is read by nobody and fills the disk; PM2, nohup and own loggers do not rotate by themselves. Growth above 50 MiB an hour (seen with --record) fills 40 GB in a month.',
    zh: '超过 100 MiB 的日志没人会看，只会占满磁盘；PM2、nohup 和自写日志都不会自动轮转。每小时增长超过 50 MiB（需 --record）一个月就能写满 40 GB。',
  },
  explanation: {
    en: 'To rotate is to put a log aside when it is large enough, to compress it, and to delete the oldest. logrotate does so once a day for all files that it has a rule for.',
    zh: '轮转就是日志够大时另存、压缩，并删除最旧的。logrotate 每天对所有有规则的文件做一次。',
  },
  async look(patient) {
    const [{ files, closed }, rotations] = await Promise.all([patient.logFiles(), patient.logRotations()]);
    const fast = fastOnes(files, patient.samples, patient.host.nowMs);
    const troubled = files
      .filter(({ path, bytes }) => bytes > LARGE || fast.has(path))
      .toSorted((one, other) => other.bytes - one.bytes)
      .slice(0, MOST_SHOWN);
    const problems = await Promise.all(
      troubled.map((file) => findingOf(patient, file, rotations, fast.get(file.path))),
    );
    const hidden = closed.map((path) => cannotRead(path, { kind: 'unreadable', reason: 'EACCES' }));
    if (problems.length + hidden.length > 0) return [...problems, ...hidden];
    if (files.length === 0) return [cannotRead('/var/log', { kind: 'absent' })];
    return [{ kind: 'ok', evidence: `${files.length} log files, none above ${formatBytes(LARGE)}` }];
  },
};

async function findingOf(
  { host }: Patient,
  file: LogFile,
  rotations: readonly LogRotation[],
  rate: Bytes | undefined,
): Promise<Outcome> {
  const { path, uid } = file;
  const rotation = rotationOf(path, rotations);
  const size = formatBytes(file.bytes);
  const evidence = `${path}: ${size}`;
  if (rate !== undefined) {
    const data = { path, size, rate: formatBytes(rate) };
    const mend = rotation === undefined ? await rotateLog(host, path, uid) : { fix: sooner(rotation) };
    return { kind: 'finding', severity: 'critical', text: GROWING, data, evidence, ...mend };
  }
  if (rotation === undefined)
    return {
      kind: 'finding',
      severity: 'warning',
      text: NOBODY,
      data: { path, size },
      evidence,
      ...(await rotateLog(host, path, uid)),
    };
  const data = { path, size, file: rotation.file };
  return { kind: 'finding', severity: 'info', text: LATE, data, evidence, fix: sooner(rotation) };
}

function sooner({ file }: LogRotation) {
  return [
    { where: { en: `in ${file}, within the braces`, zh: `写在 ${file} 的花括号内` }, lines: ['maxsize 50M'] },
  ];
}

/** Bytes an hour of those that grow too fast, from the last record; one that is smaller now was rotated meanwhile. */
function fastOnes(
  files: readonly LogFile[],
  samples: readonly DoctorSample[],
  nowMs: number,
): ReadonlyMap<string, Bytes> {
  const [youngest, oldest] = SAMPLE_AGE;
  const sample = samples.findLast(({ atMs }) => nowMs - atMs >= youngest && nowMs - atMs <= oldest);
  const found = new Map<string, Bytes>();
  if (sample === undefined) return found;
  for (const { path, bytes } of files) {
    const before = sample.logs[path];
    const rate = before === undefined ? 0 : ((bytes - before) / (nowMs - sample.atMs)) * HOUR;
    if (rate > FAST_PER_HOUR) found.set(path, Math.round(rate));
  }
  return found;
}
