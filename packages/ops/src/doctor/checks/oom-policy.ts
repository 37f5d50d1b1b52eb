import type { Text } from '@maque/kit';
import type { Check } from '../check.ts';
import type { Program } from '../facts/program.ts';
import { programName } from '../facts/program.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { addToUnit } from '../repairs/unit-drop-in.ts';

/** Those that start children which may die alone. */
const PARENTS: ReadonlySet<Program> = new Set([
  ...(['node', 'python', 'php', 'java', 'web-server', 'containers'] as const),
]);

const STOPS_ALL: Text = {
  en: '{unit} has {count} processes ({names}), and OOMPolicy=stop: when one is killed for want of memory, all are stopped',
  zh: '{unit} 有 {count} 个进程（{names}），且 OOMPolicy=stop：其中一个因内存不足被杀时，全部都会被停止',
};

export const oomPolicy: Check = {
  id: 'B5',
  name: 'oom-policy',
  group: 'units',
  title: { en: 'One kill that stops a whole service', zh: '一个子进程被杀，整个服务被停' },
  why: {
    en: 'The default since systemd 243 stops the whole unit when the kernel kills one of its processes: a child of an image converter has taken down all applications of a PM2.',
    zh: 'systemd 243 起的默认行为是：内核杀掉服务里的一个进程，整个服务就被停止。曾有一个图片转换子进程因此带倒了 PM2 下的所有应用。',
  },
  explanation: {
    en: 'Gunicorn, php-fpm, nginx, PM2 and Maque run several processes and replace one that died. systemd does not let them: it ends the rest as well, unless OOMPolicy=continue says otherwise.',
    zh: 'Gunicorn、php-fpm、nginx、PM2 和 Maque 都有多个进程，死掉一个会自己补上。但 systemd 默认会把其余的也结束，除非设置 OOMPolicy=continue。',
  },
  async look(patient) {
    const [units, services] = await Promise.all([patient.units(), patient.services()]);
    if (units.kind === 'absent') return NOT_APPLICABLE;
    if (units.kind === 'unreadable') return [cannotRead('systemctl show', units)];
    if (services.kind !== 'value') return [cannotRead('/proc', services)];
    const several = services.value.filter(
      ({ unit, processes, programs }) =>
        unit !== null && processes.length > 1 && [...programs].some((program) => PARENTS.has(program)),
    );
    const policyOf = (name: string) => units.value.find((unit) => unit.name === name)?.oomPolicy;
    // Before systemd 243 there was no such thing, and nothing is stopped.
    const told = several.filter(({ name }) => policyOf(name) !== undefined);
    if (told.length === 0) return NOT_APPLICABLE;
    const found = told.filter(({ name }) => policyOf(name) === 'stop');
    if (found.length === 0) return [{ kind: 'ok', evidence: told.map(({ name }) => name).join(', ') }];
    return found.map(({ name, processes }) => ({
      kind: 'finding',
      severity: 'warning',
      text: STOPS_ALL,
      data: {
        unit: name,
        count: processes.length,
        names: [...new Set(processes.map(programName))].join(', '),
      },
      evidence: `${name}: OOMPolicy=stop`,
      ...addToUnit(name, 'oom-policy', ['OOMPolicy=continue']),
    }));
  },
};
