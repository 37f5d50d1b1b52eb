import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { LogFile } from '../facts/log-files.ts';
import { rotatesItself, rotationOf } from '../facts/log-rotation.ts';
import { cannotRead } from '../outcomes.ts';
import { rotateLog } from '../repairs/rotate-log.ts';

/** Above it check G3 says so already. */
const LARGE: Bytes = 100 * MiB;
/** A young log whose writer may still begin a new one by itself. */
const YOUNG: Bytes = MiB;
const PM2_LOG = /\/\.pm2\/logs\/[^/]+$/;
const MOST_SHOWN = 10;

const UNBOUNDED: Text = {
  en: '{path} ({size}) is written all the time, and nobody ever rotates it',
  zh: '{path}（{size}）一直在写，但没有任何轮转规则',
};

export const unboundedLogs: Check = {
  id: 'G8',
  name: 'unbounded-logs',
  group: 'disk',
  title: { en: 'Logs without an end', zh: '没有上限的日志' },
  why: {
    en: "PM2's logs, nohup.out and files of own loggers grow until the disk is full: with a line of 200 bytes a request, ten requests a second are 5 GB a month.",
    zh: 'PM2 日志、nohup.out 和自写日志会一直增长到磁盘写满：每请求 200 字节、每秒十个请求，一个月就是 5 GB。',
  },
  explanation: {
    en: 'A log needs somebody who ends it: logrotate with a rule, pm2-logrotate, a logger that begins a new file by size or day, or the journal, which is bounded by itself.',
    zh: '日志必须有人负责截断：带规则的 logrotate、pm2-logrotate、按大小或日期切分的日志库，或者自带上限的 journal。',
  },
  async look(patient) {
    const [{ files }, rotations, open] = await Promise.all([
      patient.logFiles(),
      patient.logRotations(),
      patient.openFiles(),
    ]);
    const endless = files
      .filter((file) => isWritten(file) && file.bytes <= LARGE)
      .filter(({ path }) => rotationOf(path, rotations) === undefined && !hasSiblings(path, files))
      .toSorted((one, other) => other.bytes - one.bytes)
      .slice(0, MOST_SHOWN);
    const problems = await Promise.all(
      endless.map(async ({ path, bytes, uid }): Promise<Outcome> => {
        const data = { path, size: formatBytes(bytes) };
        const evidence = `${path}: ${data.size}, no rule in /etc/logrotate.d`;
        const mend = await rotateLog(patient.host, path, uid);
        return { kind: 'finding', severity: 'warning', text: UNBOUNDED, data, evidence, ...mend };
      }),
    );
    if (problems.length > 0) return problems;
    // Whether a log has a writer stands there.
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    if (open.hidden > 0) return [cannotRead('/proc/*/fd', { kind: 'unreadable', reason: 'EACCES' })];
    return [{ kind: 'ok', evidence: `${files.length} log files` }];
  },
};

function isWritten({ path, bytes, writer }: LogFile): boolean {
  if (rotatesItself(path)) return false;
  return PM2_LOG.test(path) || (writer !== null && bytes >= YOUNG);
}

/** `app.log.1` or `app-2026-04-30.log` beside `app.log`: somebody begins new ones. */
function hasSiblings(path: string, files: readonly LogFile[]): boolean {
  const stem = path.replace(/\.(log|out|err)$/, '');
  return files.some(
    (file) =>
      file.path !== path &&
      file.path.startsWith(stem) &&
      /\d/.test(file.path.slice(stem.length)) &&
      isRotatedForm(file.path, path, stem),
  );
}

function isRotatedForm(other: string, path: string, stem: string): boolean {
  return (
    other.startsWith(`${path}.`) || other.startsWith(`${path}-`) || rotatesItself(other.slice(stem.length))
  );
}
