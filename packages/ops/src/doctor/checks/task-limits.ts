import type { Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { addToUnit } from '../repairs/unit-drop-in.ts';

const WARN_SHARE = 0.8;
/** Doubled, and never below what systemd gives on the smallest boxes. */
const LEAST_ADVISED = 512;

const MANY: Text = {
  en: '{unit} has {count} processes and threads of the {limit} that it may have',
  zh: '{unit} 有 {count} 个进程和线程，上限为 {limit}',
};

export const taskLimits: Check = {
  id: 'B8',
  name: 'task-limits',
  group: 'units',
  title: { en: 'Processes and threads of a service', zh: '服务的进程与线程数' },
  why: {
    en: 'At the limit starting a process or a thread fails with "Cannot allocate memory" or "Resource temporarily unavailable", while memory is free.',
    zh: '达到上限后，创建进程或线程会报 “Cannot allocate memory” 或 “Resource temporarily unavailable”，即使内存还很充足。',
  },
  explanation: {
    en: 'systemd lets a service have a number of processes and threads (TasksMax=), a safety net against one that starts more and more of them.',
    zh: 'systemd 用 TasksMax= 限制一个服务的进程与线程总数，防止它无限创建。',
  },
  async look(patient) {
    const units = await patient.units();
    if (units.kind === 'absent') return NOT_APPLICABLE;
    if (units.kind === 'unreadable') return [cannotRead('systemctl show', units)];
    const counted = units.value.flatMap(({ name, tasksMax, tasksCurrent }) =>
      typeof tasksMax === 'number' && tasksMax > 0 && tasksCurrent !== undefined
        ? [{ name, limit: tasksMax, count: tasksCurrent }]
        : [],
    );
    if (counted.length === 0) return NOT_APPLICABLE;
    const near = counted.filter(({ limit, count }) => count > WARN_SHARE * limit);
    if (near.length === 0) return [{ kind: 'ok', evidence: `${counted.length} units below 80 %` }];
    return near.map(({ name, limit, count }) => ({
      kind: 'finding',
      severity: 'warning',
      text: MANY,
      data: { unit: name, count, limit },
      evidence: `${name}: TasksCurrent=${count} TasksMax=${limit}`,
      ...addToUnit(name, 'tasks', [`TasksMax=${Math.max(LEAST_ADVISED, 2 * limit)}`]),
    }));
  },
};
