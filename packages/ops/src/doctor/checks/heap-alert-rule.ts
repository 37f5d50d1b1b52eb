import type { Text } from '@maque/kit';
import type { Check } from '../check.ts';
import type { AppSource } from '../facts/app-sources.ts';
import { readHeapAlertRules } from '../facts/heap-alert-rules.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

const FALSE_ALARM: Text = {
  en: '{places}: an alert on the used heap by the total heap, which healthy processes set off',
  zh: '{places}：用“已用堆 ÷ 总堆”报警，健康的进程也会触发',
};

export const heapAlertRule: Check = {
  id: 'C9',
  name: 'heap-alert-rule',
  group: 'node',
  title: { en: 'Alert on heapUsed ÷ heapTotal', zh: '用 heapUsed ÷ heapTotal 报警' },
  why: {
    en: 'heapTotal follows heapUsed: after load healthy processes stood anywhere from 60 to 97 % (11 runs, median 78). "Above 80 % is a leak" is a false alarm.',
    zh: 'heapTotal 会跟着 heapUsed 走：健康进程在压测后处于 60% 到 97% 之间（11 次实测，中位数 78%）。“超过 80% 就是泄漏”是误报。',
  },
  explanation: {
    en: 'heapTotal is what V8 has taken so far, not what it may take. What tells a leak is the heap that is left after a full collection, compared with the limit, or resident memory compared with the limit of the unit.',
    zh: 'heapTotal 是 V8 目前申请的大小，不是上限。要看泄漏，应看一次完整回收之后的 heapUsed 与堆上限之比，或常驻内存与服务上限之比。',
  },
  async look(patient) {
    const [processes, sources] = await Promise.all([patient.nodeProcesses(), patient.appSources()]);
    if (processes.kind === 'absent') return NOT_APPLICABLE;
    const texts: readonly AppSource[] = sources.kind === 'value' ? [...sources.value.values()].flat() : [];
    const { found, looked, refused } = await readHeapAlertRules(patient.host, texts);
    if (found.length === 0) {
      const [first] = refused;
      if (first !== undefined) return [cannotRead(first, { kind: 'unreadable', reason: 'EACCES' })];
      if (sources.kind === 'unreadable') return [cannotRead('/proc/PID/cwd', sources)];
      return looked === 0 ? NOT_APPLICABLE : [{ kind: 'ok', evidence: `${looked} files looked at` }];
    }
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: FALSE_ALARM,
        data: { places: found.map(({ at }) => at).join(', ') },
        evidence: found.map(({ at, what }) => `${at}: ${what}`).join('\n'),
        fix: [
          {
            where: {
              en: 'rules of Prometheus; in code: v8.getHeapStatistics().heap_size_limit, after a collection',
              zh: 'Prometheus 规则；代码里用回收之后的值除以 v8.getHeapStatistics().heap_size_limit',
            },
            lines: ['expr: maque_heap_floor_bytes / maque_heap_limit_bytes > 0.8', 'for: 10m'],
          },
        ],
      },
    ];
  },
};
