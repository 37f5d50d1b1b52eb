import { formatBytes, type Text } from '@maque/kit';
import type { Check } from '../check.ts';
import type { NodeProcess } from '../facts/node-processes.ts';
import { memoryOf } from '../facts/services.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Enough to recognise one's own. */
const SHOWN = 10;

const HIDDEN: Text = {
  en: '{count} Node processes run outside of any unit or container, and under other names ({names}): `ps -C node`, `pgrep node` and reports of the OOM killer do not show them as node, and nothing starts them again',
  zh: '{count} 个 Node 进程不在任何服务单元或容器里，且显示为别的名字（{names}）：`ps -C node`、`pgrep node` 和 OOM 报告里都看不到 “node”，退出后也没人重启',
};

export const nodeProcesses: Check = {
  id: 'C1',
  name: 'node-processes',
  group: 'node',
  title: { en: 'Node processes by their real name', zh: '识别 Node 进程' },
  why: {
    en: 'Node 24 and later name their main thread `MainThread`, and PM2 sets titles: whoever searches for "node" by name finds nothing, and reads an OOM report wrongly.',
    zh: 'Node 24 起主线程名为 `MainThread`，PM2 也会改进程标题：按名字找 “node” 会一无所获，OOM 报告也容易看错。',
  },
  explanation: {
    en: 'What `ps` and the kernel print is the name of the first thread, which a program may change. The file that runs, /proc/PID/exe, tells what it is.',
    zh: '`ps` 和内核显示的是首个线程的名字，程序可以修改它。真正可靠的是正在运行的文件 /proc/PID/exe。',
  },
  async look(patient) {
    const found = await patient.nodeProcesses();
    if (found.kind === 'absent') return NOT_APPLICABLE;
    if (found.kind !== 'value') return [cannotRead('/proc', found)];
    // In a unit or a container its name tells what it is.
    const renamed = found.value.filter(
      ({ process, service, role }) =>
        role === 'app' && !/^node/.test(process.comm) && service.unit === null && service.container === null,
    );
    const evidence = found.value.slice(0, SHOWN).map(describe).join(', ');
    if (renamed.length === 0) return [{ kind: 'ok', evidence }];
    const names = [...new Set(renamed.map(({ process }) => process.comm))].slice(0, SHOWN).join(', ');
    return [
      {
        kind: 'finding',
        severity: 'info',
        text: HIDDEN,
        data: { count: renamed.length, names },
        evidence,
        fix: [
          {
            where: {
              en: 'to find them all; then give each a unit: maque render systemd',
              zh: '列出全部 Node 进程；然后为每个写一个服务单元：maque render systemd',
            },
            lines: ['ls -l /proc/[0-9]*/exe 2>/dev/null | grep -E "/node(js)?( |$)"'],
          },
        ],
      },
    ];
  },
};

function describe({ process, service }: NodeProcess): string {
  return `${process.pid} ${process.comm} (${service.name}, ${formatBytes(memoryOf(process))})`;
}
