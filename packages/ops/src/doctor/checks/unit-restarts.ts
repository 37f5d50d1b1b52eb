import { formatDuration, HOUR, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { SERVER_PROGRAMS } from '../facts/program.ts';
import { readRestarts } from '../facts/recent-restarts.ts';
import type { ServiceFacts } from '../facts/services.ts';
import { isRunning } from '../facts/unit-limits.ts';
import type { UnitFacts } from '../facts/units.ts';
import { readUptime } from '../facts/uptime.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { addToUnit } from '../repairs/unit-drop-in.ts';

/** A deploy or two are no loop. */
const MOST_RESTARTS_PER_HOUR = 3;
/** These do not bring back what was killed. */
const NOT_AFTER_A_KILL = new Set(['no', 'on-success', 'on-watchdog']);
/** What of a failed unit is more than a script that returned 1. */
const TELLING_RESULTS = new Set(['oom-kill', 'start-limit-hit', 'watchdog', 'signal', 'core-dump']);

const STAYS_DOWN: Text = {
  en: '{unit} is not started again when it is killed (Restart={restart})',
  zh: '{unit} 被杀后不会自动重启（Restart={restart}）',
};
const NOT_WATCHED: Text = {
  en: '{unit} is started by the script {script}: systemd does not notice when it dies',
  zh: '{unit} 由脚本 {script} 启动：它退出后 systemd 不会察觉',
};
const LOOPS: Text = {
  en: '{unit} was restarted {count} times within the last hour',
  zh: '{unit} 最近一小时内重启了 {count} 次',
};
const LOOPED: Text = {
  en: '{unit} was restarted {count} times since it was started by hand, the last time {ago} ago',
  zh: '{unit} 自上次手动启动以来已重启 {count} 次，最近一次在 {ago} 前',
};
const FAILED: Text = { en: '{unit} is down: {result}', zh: '{unit} 已停止：{result}' };
const WHY_IT_ENDED: Text = { en: 'why it ends', zh: '查看退出原因' };

export const unitRestarts: Check = {
  id: 'B6',
  name: 'unit-restarts',
  group: 'units',
  title: { en: 'Services that stay down, or never stay up', zh: '不会自动恢复或反复重启的服务' },
  why: {
    en: 'A killed service that nobody starts again is down until somebody looks; one that restarts more than three times an hour looks like uptime and is a crash loop.',
    zh: '被杀后无人重启的服务会一直停到有人发现；一小时重启超过三次的服务看似在线，其实在循环崩溃。',
  },
  explanation: {
    en: 'systemd starts a service again if its unit says so (Restart=always). Many packages do not: nginx of Debian stays down after a kill. Scripts of /etc/init.d, which panels like to use, are not watched at all.',
    zh: '只有在单元里写了 Restart=always，systemd 才会重新拉起服务。很多软件包没写：Debian 的 nginx 被杀后就一直停着。面板常用的 /etc/init.d 脚本则完全不受监视。',
  },
  async look(patient) {
    const [units, services] = await Promise.all([patient.units(), patient.services()]);
    if (units.kind === 'absent') return NOT_APPLICABLE;
    if (units.kind === 'unreadable') return [cannotRead('systemctl show', units)];
    if (services.kind !== 'value') return [cannotRead('/proc', services)];
    const [restarts, uptime] = await Promise.all([readRestarts(patient.host), readUptime(patient.host)]);
    const uptimeMs = uptime.kind === 'value' ? uptime.value : undefined;
    const found = units.value.flatMap((unit) => [
      ...broughtBack(
        unit,
        services.value.find((service) => service.unit === unit.name),
      ),
      ...looping(unit, restarts, uptimeMs),
      ...failed(unit),
    ]);
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: `${units.value.filter(isRunning).length} units run` }];
  },
};

function broughtBack(unit: UnitFacts, service: ServiceFacts | undefined): readonly Outcome[] {
  const isServer =
    service !== undefined && [...service.programs].some((program) => SERVER_PROGRAMS.has(program));
  if (!isServer || !isRunningOrInit(unit) || unit.type === 'oneshot') return [];
  // mysqld_safe brings its server back by itself.
  if (service.processes.some(({ commandLine }) => commandLine.some((part) => part.endsWith('mysqld_safe'))))
    return [];
  const { name, restart, initScript } = unit;
  if (restart === undefined || !NOT_AFTER_A_KILL.has(restart)) return [];
  const evidence = `${name}: Restart=${restart}`;
  if (initScript !== undefined) {
    const fix = [{ where: OWN_UNIT, lines: ['[Service]', 'Type=simple', 'Restart=always', 'RestartSec=2'] }];
    const data = { unit: name, script: initScript };
    return [{ kind: 'finding', severity: 'warning', text: NOT_WATCHED, data, evidence, fix }];
  }
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: STAYS_DOWN,
      data: { unit: name, restart },
      evidence,
      ...addToUnit(name, 'restart', ['Restart=always', 'RestartSec=2']),
    },
  ];
}

const OWN_UNIT: Text = {
  en: 'write a unit for it that runs the program in the foreground, with',
  zh: '为它写一个在前台运行程序的单元，其中包含',
};

/** What a script started is `exited` to systemd, though its processes run. */
function isRunningOrInit(unit: UnitFacts): boolean {
  return isRunning(unit) || (unit.initScript !== undefined && unit.activeState === 'active');
}

function looping(
  { name, restarts, activeSinceBootMs }: UnitFacts,
  recent: ReadonlyMap<string, number> | undefined,
  uptimeMs: number | undefined,
): readonly Outcome[] {
  const fix = [{ where: WHY_IT_ENDED, lines: [`journalctl -u ${name} -n 100 --no-pager`] }];
  const evidence = `${name}: NRestarts=${restarts ?? '?'}`;
  const count = recent?.get(name) ?? 0;
  if (count > MOST_RESTARTS_PER_HOUR)
    return [
      { kind: 'finding', severity: 'critical', text: LOOPS, data: { unit: name, count }, evidence, fix },
    ];
  if (recent !== undefined || uptimeMs === undefined || activeSinceBootMs === undefined) return [];
  // Without the journal only their number is known, and when the last one was.
  const agoMs = uptimeMs - activeSinceBootMs;
  if ((restarts ?? 0) <= MOST_RESTARTS_PER_HOUR || agoMs > HOUR) return [];
  const data = { unit: name, count: restarts, ago: formatDuration(agoMs) };
  return [{ kind: 'finding', severity: 'warning', text: LOOPED, data, evidence, fix }];
}

function failed({ name, activeState, result }: UnitFacts): readonly Outcome[] {
  if (activeState !== 'failed' || result === undefined || !TELLING_RESULTS.has(result)) return [];
  return [
    {
      kind: 'finding',
      severity: 'critical',
      text: FAILED,
      data: { unit: name, result },
      evidence: `${name}: ActiveState=failed Result=${result}`,
      fix: [
        {
          where: WHY_IT_ENDED,
          lines: [`systemctl status ${name}`, `journalctl -u ${name} -n 100 --no-pager`],
        },
      ],
    },
  ];
}
