import { DAY, formatDuration, type Text } from '@maque/kit';
import { explainKill } from '../../oom/explain-kill.ts';
import type { Check, Outcome } from '../check.ts';
import { type DatedKill, KILL_HISTORY_MS } from '../facts/oom-kills.ts';
import { readUptime } from '../facts/uptime.ts';
import { readVirtualMemoryCounters } from '../facts/virtual-memory-counters.ts';
import type { Patient } from '../patient.ts';

/** What happened today happens again tomorrow; older ones than a week are mostly of a plan that is gone. */
const CRITICAL_AGE_MS = DAY;
/** More names than anybody reads. */
const SHOWN_KILLS = 5;

const KILLED: Text = {
  en: '{count} process(es) were killed for want of memory in the last 7 days, the last one {ago} ago: {verdict}',
  zh: '最近 7 天有 {count} 个进程因内存不足被杀，最近一次在 {ago} 前：{verdict}',
};
const COUNTED: Text = {
  en: 'the kernel counts {count} kill(s) for want of memory since the boot {uptime} ago; no log that can be read tells of them',
  zh: '自 {uptime}前开机以来，内核记录了 {count} 次因内存不足的杀进程；能读到的日志里没有记载',
};
const NO_LOG: Text = {
  en: 'no log of the kernel can be read ({closed}): run as root, or as a member of the group adm or systemd-journal',
  zh: '读不到内核日志（{closed}）：请以 root 运行，或加入 adm、systemd-journal 组',
};
const LOOK = {
  en: 'the whole story of each kill',
  zh: '查看每次被杀的完整经过',
} satisfies Text;

export const oomHistory: Check = {
  id: 'A7',
  name: 'oom-history',
  group: 'memory',
  title: { en: 'Processes killed for want of memory', zh: '因内存不足被杀的进程' },
  why: {
    en: 'A kill is the last sign, and the cause seldom goes away by itself: one in 24 hours will be one tomorrow. The counter of the kernel (oom_kill, since Linux 4.13) survives logs that were rotated away.',
    zh: '杀进程是最后的信号，原因很少自行消失：24 小时内发生过，明天多半还会发生。内核计数器（oom_kill，Linux 4.13 起）不受日志轮转影响。',
  },
  explanation: {
    en: 'When no memory is left the kernel ends a process, mostly the largest, which need not be the one that leaks. The service is gone, or restarts as if nothing had happened.',
    zh: '内存耗尽时，内核会结束一个进程，通常是最大的那个，不一定是泄漏的那个。服务随之消失，或悄悄重启，好像什么都没发生。',
  },
  async look(patient) {
    const { kills, sources, closed } = await patient.killHistory();
    const last = kills.at(-1);
    if (last !== undefined) return [found(patient.host.nowMs, kills, last, sources)];
    return [await counted(patient, sources, closed)];
  },
};

function found(
  nowMs: number,
  kills: readonly DatedKill[],
  last: DatedKill,
  sources: readonly string[],
): Outcome {
  const [verdict] = explainKill(last.kill);
  const ageMs = last.atMs === null ? null : Math.max(0, nowMs - last.atMs);
  const names = kills.slice(-SHOWN_KILLS).map(({ kill }) => `${kill.name ?? '?'} (${kill.pid ?? '?'})`);
  return {
    kind: 'finding',
    severity: ageMs !== null && ageMs <= CRITICAL_AGE_MS ? 'critical' : 'warning',
    text: KILLED,
    data: {
      ...verdict?.data,
      count: kills.length,
      ago: ageMs === null ? '?' : formatDuration(ageMs),
      verdict: verdict?.text ?? '',
    },
    evidence: `${names.join(', ')}; in ${sources.join(', ')}`,
    fix: [...(verdict?.fix ?? []), { where: LOOK, lines: ['maque oom'] }],
  };
}

/** Nothing in the logs: what the kernel counted since the boot, where that was within the week. */
async function counted(
  { host }: Patient,
  sources: readonly string[],
  closed: readonly string[],
): Promise<Outcome> {
  const [counters, uptime] = await Promise.all([readVirtualMemoryCounters(host), readUptime(host)]);
  const count = counters.kind === 'value' ? counters.value.get('oom_kill') : undefined;
  const evidence = `oom_kill ${count ?? '?'}; no kill in ${sources.join(', ')}`;
  const isUpForAWeek = uptime.kind === 'value' && uptime.value > KILL_HISTORY_MS;
  if (count === 0 && (isUpForAWeek || sources.length > 0)) return { kind: 'ok', evidence };
  // A log of the week without any: they were before, unless they are in a log that is closed.
  const hasWeek = sources.includes('journalctl') || (closed.length === 0 && sources.length > 0);
  const isOld = isUpForAWeek && hasWeek;
  if (count !== undefined && count > 0 && !isOld && uptime.kind === 'value') {
    return {
      kind: 'finding',
      severity: uptime.value <= CRITICAL_AGE_MS ? 'critical' : 'warning',
      text: COUNTED,
      data: { count, uptime: formatDuration(uptime.value) },
      evidence: `/proc/vmstat: oom_kill ${count}`,
      fix: [{ where: LOOK, lines: ['sudo maque oom'] }],
    };
  }
  if (sources.length === 0 || (count === undefined && closed.length > 0)) {
    return { kind: 'unknown', reason: NO_LOG, data: { closed: closed.join(', ') || 'journalctl, dmesg' } };
  }
  return { kind: 'ok', evidence };
}
