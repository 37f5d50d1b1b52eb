import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { ContainerFacts } from '../facts/containers.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** A container that was stopped by SIGKILL: by the kernel, or by whoever lost patience. */
const KILLED_EXIT_CODE = 137;
/** Docker counts them since the container was made. */
const MOST_RESTARTS = 5;

const UNLIMITED: Text = {
  en: 'no memory limit: {names}',
  zh: '没有内存上限：{names}',
};
const OOM_KILLED: Text = {
  en: 'killed at its own memory limit: {names}',
  zh: '因达到自身内存上限被杀：{names}',
};
const KILLED: Text = {
  en: 'ended by SIGKILL (137), and Docker does not say why; without a limit of its own the box was full: {names}',
  zh: '被 SIGKILL 结束（137），Docker 没有说明原因；没有上限的容器可能是整机内存耗尽：{names}',
};
const RESTARTS: Text = {
  en: 'restarted {most} times or more: {names}',
  zh: '重启了 {most} 次以上：{names}',
};
const UNBOUNDED_LOG: Text = {
  en: 'their log grows without a bound: {names}',
  zh: '日志没有大小上限：{names}',
};

export const containerLimits: Check = {
  id: 'B9',
  name: 'containers',
  group: 'units',
  title: { en: 'Limits of containers', zh: '容器的限制' },
  why: {
    en: 'A container without a limit can take the whole box, and when the kernel then kills in it Docker still says OOMKilled=false. Its log (json-file) has no bound unless somebody sets max-size.',
    zh: '没有上限的容器可以吃掉整机内存；此时内核在其中杀进程，Docker 仍显示 OOMKilled=false。json-file 日志若不设 max-size，会无限增长。',
  },
  explanation: {
    en: 'Docker keeps programs apart, but it does not share the memory out by itself: each container may take all of it until you give it a number (mem_limit). What a program prints is kept in a file on the disk, for ever.',
    zh: 'Docker 隔离程序，但不会替你分配内存：没有设置 mem_limit 的容器可以用光全部内存。程序打印的内容会一直存放在磁盘文件里。',
  },
  async look(patient) {
    const read = await patient.containers();
    if (read.kind === 'absent') return NOT_APPLICABLE;
    if (read.kind === 'unreadable') return [cannotRead('docker inspect', read)];
    const all = read.value;
    const running = all.filter(({ isRunning }) => isRunning);
    const unlimited = running.filter(({ memoryBytes }) => memoryBytes === null);
    const found: readonly (readonly Outcome[])[] = [
      about(
        all.filter(({ wasOomKilled }) => wasOomKilled),
        'critical',
        OOM_KILLED,
        'OOMKilled=true',
        raise,
      ),
      about(
        all.filter((one) => !one.isRunning && one.exitCode === KILLED_EXIT_CODE && !one.wasOomKilled),
        'warning',
        KILLED,
        'ExitCode=137',
        raise,
      ),
      about(unlimited, 'warning', UNLIMITED, 'Memory=0', raise),
      about(
        all.filter(({ restarts }) => restarts >= MOST_RESTARTS),
        'warning',
        RESTARTS,
        'RestartCount',
        (name) => `docker logs --tail 100 ${name}`,
      ),
      unboundedLogs(all.filter(({ log }) => log?.isBounded === false)),
    ];
    const outcomes = found.flat();
    if (outcomes.length > 0) return outcomes;
    return [{ kind: 'ok', evidence: `${running.length} run, all with limits` }];
  },
};

function raise(name: string): string {
  return `docker update --memory 300m --memory-swap 300m ${name}`;
}

const BY_HAND: Text = {
  en: 'now, or for ever with mem_limit: and memswap_limit: in docker-compose.yml (the size is an example; see maque plan)',
  zh: '立即生效；长期生效请在 docker-compose.yml 写 mem_limit 和 memswap_limit（大小仅为示例，参见 maque plan）',
};

function about(
  containers: readonly ContainerFacts[],
  severity: 'critical' | 'warning',
  text: Text,
  evidence: string,
  command: (name: string) => string,
): readonly Outcome[] {
  if (containers.length === 0) return [];
  const names = containers.map(({ name }) => name);
  return [
    {
      kind: 'finding',
      severity,
      text,
      data: { names: names.join(', '), most: MOST_RESTARTS },
      evidence: `${evidence}: ${names.join(', ')}`,
      fix: [{ where: BY_HAND, lines: names.map(command) }],
    },
  ];
}

function unboundedLogs(containers: readonly ContainerFacts[]): readonly Outcome[] {
  const [finding] = about(containers, 'warning', UNBOUNDED_LOG, 'json-file without max-size', () => '');
  if (finding?.kind !== 'finding') return [];
  const where: Text = {
    en: '/etc/docker/daemon.json, then systemctl restart docker; it counts for containers that are made anew',
    zh: '/etc/docker/daemon.json，然后 systemctl restart docker；只对重新创建的容器生效',
  };
  const lines = [
    '{',
    '  "log-driver": "json-file",',
    '  "log-opts": { "max-size": "10m", "max-file": "3" }',
    '}',
  ];
  return [{ ...finding, fix: [{ where, lines }] }];
}
