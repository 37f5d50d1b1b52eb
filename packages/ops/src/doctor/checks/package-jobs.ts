import { type Bytes, GiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { QUIET_HOURS } from '../facts/quiet-hours.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Above it 200 MiB for some minutes are nothing. */
const SMALL_BOX: Bytes = 2.5 * GiB;
/** Evenings and lunch breaks are when people have their phones in hand (Chinese time; an assumption). */
const PEAK_HOURS = new Set([11, 12, 13, 18, 19, 20, 21, 22, 23]);
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export const SHOW_TIMERS: readonly string[] = [
  'show',
  ...Object.keys(QUIET_HOURS),
  '--no-pager',
  '--property=Id,ActiveState,TimersCalendar,TimersMonotonic,RandomizedDelayUSec',
];

const IN_PEAK: Text = {
  en: '{timer} may start at any of these hours: {hours}; package tools then take 100 to 200 MiB',
  zh: '{timer} 可能在这些时段启动：{hours} 点；包管理工具会占用 100–200 MiB',
};

export const packageJobs: Check = {
  id: 'H7',
  name: 'package-jobs',
  group: 'neighbours',
  title: { en: 'Jobs of the package manager', zh: '包管理器的定时任务' },
  why: {
    en: 'apt, dnf and unattended-upgrades take 100 to 200 MiB for some minutes; in the evening rush of a 1 or 2 GiB box that has been the last straw.',
    zh: 'apt、dnf 与自动更新会在几分钟内占用 100–200 MiB；在 1–2 GiB 机器的晚高峰，它往往是压垮内存的最后一根稻草。',
  },
  explanation: {
    en: 'Distributions look for updates by timers of systemd, with a random delay of hours. Updates are good; only their hour is moved to the night.',
    zh: '发行版通过 systemd 定时器检查更新，并随机延迟数小时。更新本身是好事，只需把时间移到深夜。',
  },
  async look(patient) {
    const room = await patient.memoryRoom();
    if (room.kind === 'value' && room.value.totalBytes > SMALL_BOX) return NOT_APPLICABLE;
    const output = await patient.host.run('systemctl', SHOW_TIMERS);
    if (output.kind === 'absent') return NOT_APPLICABLE;
    if (output.kind === 'unreadable') return [cannotRead('systemctl', output)];
    const { stdout, stderr, code } = output.value;
    if (/not been booted with systemd|Host is down/.test(stderr)) return NOT_APPLICABLE;
    if (code !== 0) return [cannotRead('systemctl', { kind: 'unreadable', reason: `exit code ${code}` })];
    const outcomes = stdout.split(/\n\s*\n/).flatMap(ofTimer);
    return outcomes.length === 0 ? NOT_APPLICABLE : outcomes;
  },
};

function ofTimer(block: string): readonly Outcome[] {
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
  const timer = value('Id');
  const quiet = QUIET_HOURS[timer];
  if (value('ActiveState') !== 'active' || quiet === undefined) return [];
  const hours = startingHours(block, value('RandomizedDelayUSec'));
  const peak = hours.filter((hour) => PEAK_HOURS.has(hour));
  const evidence = block
    .split('\n')
    .filter((line) => /^(Timers|Randomized)/.test(line))
    .map((line) => line.replace(/ ; next_elapse=[^}]*/, ''))
    .join(' ');
  if (peak.length === 0) return [{ kind: 'ok', evidence: `${timer}: ${evidence}` }];
  // An empty value takes away what the package's own file says.
  const lines = [
    '[Timer]',
    'OnBootSec=',
    'OnCalendar=',
    `OnCalendar=${quiet}`,
    'RandomizedDelaySec=15min',
    'Persistent=false',
  ];
  const path = `/etc/systemd/system/${timer}.d/zz-maque-night.conf`;
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: IN_PEAK,
      data: { timer, hours: peak.join(', ') },
      evidence: `${timer}: ${evidence}`,
      fix: [
        {
          where: {
            en: `${path}, then: systemctl daemon-reload && systemctl restart ${timer}`,
            zh: `写入 ${path}，然后执行：systemctl daemon-reload && systemctl restart ${timer}`,
          },
          lines,
        },
      ],
      repair: { path, rewrite: () => `${lines.join('\n')}\n`, apply: ['systemctl', 'daemon-reload'] },
    },
  ];
}

/**
 * Hours of the day in which it may start. `{ OnCalendar=*-*-* 06,18:00:00 ; next_elapse=… }` says some; what counts from
 * the boot or from its last end (`TimersMonotonic`) may be any.
 */
function startingHours(block: string, delay: string): readonly number[] {
  if (/^TimersMonotonic=\{ On(UnitInactive|UnitActive)/m.test(block)) return HOURS;
  const calendars = [...block.matchAll(/^TimersCalendar=\{ OnCalendar=([^;}]*)/gm)];
  const delayHours = Math.ceil(hoursIn(delay));
  const starts = calendars.flatMap(([, when = '']) => hoursOf(/(\S+?):\d/.exec(when)?.[1] ?? ''));
  return HOURS.filter((hour) =>
    starts.some((start) => (hour - start + 24) % 24 <= delayHours && (delayHours > 0 || hour === start)),
  );
}

/** `06,18`, `*`, `0/4`, `00`. */
function hoursOf(text: string): readonly number[] {
  if (text === '*') return HOURS;
  return text.split(',').flatMap((part) => {
    const [from = '', step] = part.split('/');
    if (step !== undefined)
      return HOURS.filter((hour) => hour >= Number(from) && (hour - Number(from)) % Number(step) === 0);
    return /^\d+$/.test(part) ? [Number(part)] : [];
  });
}

/** `12h`, `1h 30min`, `30min`, `0`. */
function hoursIn(delay: string): number {
  const parts = [...delay.matchAll(/(\d+)(d|h|min|s|ms|us)\b/g)];
  const perHour: Readonly<Record<string, number>> = { d: 1 / 24, h: 1, min: 60, s: 3_600 };
  return parts.reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) / (perHour[unit] ?? Number.POSITIVE_INFINITY),
    0,
  );
}
