import { type Milliseconds, SECOND, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { CgroupMount } from '../facts/cgroup-version.ts';
import { type MemoryGroup, readMemoryGroups } from '../facts/memory-groups.ts';
import type { Host } from '../host/host.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

/** Each is a pause of some milliseconds for a process: ten a second are felt by who waits for an answer. */
const SLOWED_PER_SECOND = 10;
const LOOK_MS: Milliseconds = SECOND;

const KILLED: Text = {
  en: '{count} process(es) of {group} were killed at its memory limit since it was started',
  zh: '{group} 启动以来，有 {count} 个进程因达到其内存上限被杀',
};
const KILLED_BEFORE: Text = {
  en: '{count} process(es) below {group} were killed at a memory limit, in services that were started anew since',
  zh: '{group} 之下有 {count} 个进程曾因内存上限被杀，对应的服务之后已重新启动',
};
const HIT: Text = {
  en: '{group} reached its memory limit {count} times; this kernel does not tell whether anything was killed',
  zh: '{group} 达到内存上限 {count} 次；此版本内核不记录是否杀了进程',
};
const SLOWED: Text = {
  en: '{group} is slowed down {rate} times a second at its MemoryHigh',
  zh: '{group} 触及 MemoryHigh，每秒被限速 {rate} 次',
};

export const groupEvents: Check = {
  id: 'A8',
  name: 'memcg-events',
  group: 'memory',
  title: { en: 'Services at their own limit', zh: '触及自身内存上限的服务' },
  why: {
    en: 'The kernel counts for each control group how often something was killed in it (memory.events, or memory.oom_control): this shows kills inside containers and units also when the log is gone.',
    zh: '内核为每个控制组记录其中被杀的次数（memory.events 或 memory.oom_control）：即使日志已丢失，也能看到容器和服务内部的杀进程。',
  },
  explanation: {
    en: 'A unit of systemd and a container live in a control group with a limit of its own. At that limit a process in it is killed, though the machine may have gigabytes to spare; at MemoryHigh it is slowed down and nothing is logged.',
    zh: 'systemd 服务和容器各自处在一个有独立上限的控制组中。达到上限时，组内进程会被杀，即使整机还有很多空闲；触及 MemoryHigh 时只是被限速，而且没有日志。',
  },
  async look(patient) {
    const mount = await patient.cgroupMount();
    if (mount.kind !== 'value') return [cannotRead('memory of control groups', mount)];
    const paths = await pathsOf(patient);
    const groups = await readMemoryGroups(patient.host, mount.value, paths);
    if (groups.length === 0)
      return [cannotRead(mount.value.version === 2 ? 'memory.events' : 'memory.failcnt', { kind: 'absent' })];
    const outcomes = [
      ...groups.flatMap(countedIn),
      ...(await slowedNow(
        patient.host,
        mount.value,
        groups.filter(({ slowed }) => slowed > 0),
      )),
    ];
    if (outcomes.length > 0) return outcomes;
    return [{ kind: 'ok', evidence: `${groups.length} groups, none with a kill` }];
  },
};

async function pathsOf(patient: Patient): Promise<readonly string[]> {
  const [units, processes] = await Promise.all([patient.units(), patient.processes()]);
  return [
    ...(units.kind === 'value' ? units.value.map(({ controlGroup }) => controlGroup) : []),
    ...(processes.kind === 'value' ? processes.value.map(({ cgroup }) => cgroup ?? '') : []),
  ].filter((path) => path.startsWith('/'));
}

function countedIn(group: MemoryGroup): readonly Outcome[] {
  const { path, kills, limitHits, isParent } = group;
  const fix = [{ where: RAISE, lines: ['maque oom', 'maque plan'] }];
  const evidence = `${path}: oom_kill ${kills ?? '?'}, limit reached ${limitHits} times`;
  const data = { group: path, count: kills ?? limitHits };
  if (kills !== undefined && kills > 0) {
    const severity = isParent ? 'warning' : 'critical';
    return [{ kind: 'finding', severity, text: isParent ? KILLED_BEFORE : KILLED, data, evidence, fix }];
  }
  if (kills === undefined && limitHits > 0 && !isParent)
    return [{ kind: 'finding', severity: 'warning', text: HIT, data, evidence, fix }];
  return [];
}

const RAISE: Text = {
  en: "find out who it was, then raise the unit's MemoryMax or lower its budget",
  zh: '先查出是谁，再提高该服务的 MemoryMax 或降低它的内存预算',
};

async function slowedNow(
  host: Host,
  mount: CgroupMount,
  before: readonly MemoryGroup[],
): Promise<readonly Outcome[]> {
  if (before.length === 0) return [];
  await host.wait(LOOK_MS);
  const after = await readMemoryGroups(
    host,
    mount,
    before.map(({ path }) => path),
  );
  // A group counts for those below it too; the innermost is the one that is slowed.
  return before.flatMap(({ path, slowed, isParent }) => {
    const now = after.find((group) => group.path === path)?.slowed ?? slowed;
    const rate = Math.round(((now - slowed) / LOOK_MS) * SECOND);
    if (rate <= SLOWED_PER_SECOND || isParent) return [];
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: SLOWED,
        data: { group: path, rate },
        evidence: `${path}/memory.events: high ${slowed} → ${now}`,
        fix: [{ where: RAISE, lines: ['maque plan'] }],
      },
    ];
  });
}
