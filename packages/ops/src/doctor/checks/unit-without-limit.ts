import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { SERVER_PROGRAMS } from '../facts/program.ts';
import type { ServiceFacts } from '../facts/services.ts';
import { tightestLimit } from '../facts/unit-limits.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Smaller ones are the system's own, and take no box. */
const LARGE_BYTES = 100 * MiB;
/** Room to grow over what it holds now, as long as no plan says better. */
const SUGGESTED_FACTOR = 1.5;
/** The distance at which systemd slows down before it kills: 90 % of the limit. */
const HIGH_SHARE = 0.9;

const NO_LIMIT: Text = {
  en: '{unit} holds {size} and has no memory limit',
  zh: '{unit} 占用 {size}，没有内存上限',
};
const NO_UNIT: Text = {
  en: '{program} ({pids}) holds {size} outside of any service: nothing limits it, and nothing starts it again',
  zh: '{program}（{pids}）占用 {size}，不属于任何服务：没有上限，也不会自动重启',
};

export const unitWithoutLimit: Check = {
  id: 'B2',
  name: 'unit-without-limit',
  group: 'units',
  title: { en: 'Services without a memory limit', zh: '没有内存上限的服务' },
  why: {
    en: 'With a limit a leak costs the service that leaks; without one it takes the box, and the kernel chooses who dies.',
    zh: '有上限时，泄漏只影响泄漏的服务自己；没有上限时会拖垮整机，由内核决定谁被杀。',
  },
  explanation: {
    en: 'systemd can hold each service to a number of bytes (MemoryMax=). What is started by hand, or by PM2 in a login, belongs to no service and cannot be held.',
    zh: 'systemd 可以用 MemoryMax= 给每个服务设定内存上限。手动启动或在登录会话里用 PM2 启动的程序不属于任何服务，无法限制。',
  },
  async look(patient) {
    const [units, services] = await Promise.all([patient.units(), patient.services()]);
    if (units.kind === 'absent') return NOT_APPLICABLE;
    if (units.kind === 'unreadable') return [cannotRead('systemctl show', units)];
    if (services.kind !== 'value') return [cannotRead('/proc', services)];
    const large = services.value.filter(
      ({ memoryBytes, container }) => memoryBytes > LARGE_BYTES && container === null,
    );
    const found = large.flatMap((service) => {
      if (service.unit === null) return isServer(service) ? [ownerless(service)] : [];
      const unit = units.value.find(({ name }) => name === service.unit);
      const isHeld = unit !== undefined && tightestLimit(unit, units.value) !== null;
      return isHeld ? [] : [unlimited(service.unit, service.memoryBytes)];
    });
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: large.map(({ name }) => name).join(', ') || 'no service above 100 MiB' }];
  },
};

function isServer({ programs }: ServiceFacts): boolean {
  return [...programs].some((program) => SERVER_PROGRAMS.has(program));
}

function unlimited(unit: string, memoryBytes: Bytes): Outcome {
  const max = Math.ceil((memoryBytes * SUGGESTED_FACTOR) / (16 * MiB)) * 16;
  return {
    kind: 'finding',
    severity: 'warning',
    text: NO_LIMIT,
    data: { unit, size: formatBytes(memoryBytes) },
    evidence: `${unit}: MemoryMax=infinity, ${formatBytes(memoryBytes)}`,
    fix: [
      {
        where: {
          en: `systemctl edit ${unit}: half more than now; what the box can give, maque plan tells`,
          zh: `systemctl edit ${unit}：比现在多一半；整机能给多少，请看 maque plan`,
        },
        lines: ['[Service]', `MemoryHigh=${Math.floor(max * HIGH_SHARE)}M`, `MemoryMax=${max}M`],
      },
    ],
  };
}

function ownerless({ name, memoryBytes, processes }: ServiceFacts): Outcome {
  const pids = processes.map(({ pid }) => pid).join(', ');
  return {
    kind: 'finding',
    severity: 'warning',
    text: NO_UNIT,
    data: { program: name, pids, size: formatBytes(memoryBytes) },
    evidence: processes.map(({ pid, cgroup }) => `${pid}: ${cgroup ?? '?'}`).join(', '),
    fix: [
      {
        where: {
          en: 'run it as a service: a unit of its own, or for PM2',
          zh: '改为服务运行：写一个 systemd 单元；使用 PM2 时执行',
        },
        lines: ['pm2 startup && pm2 save'],
      },
    ],
  };
}
