import { formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { isRunning } from '../facts/unit-limits.ts';
import type { UnitFacts } from '../facts/units.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import { addToUnit } from '../repairs/unit-drop-in.ts';

const LEAST_SHARE = 0.8;
const ADVISED_SHARE = 0.9;

const TOO_HIGH: Text = {
  en: '{unit}: MemoryHigh ({high}) is not below MemoryMax ({max}), so nothing slows it down before the kill',
  zh: '{unit}：MemoryHigh（{high}）不低于 MemoryMax（{max}），被杀之前没有任何限速',
};
const TOO_LOW: Text = {
  en: '{unit}: MemoryHigh ({high}) is far below MemoryMax ({max}): between the two it crawls for minutes, and nothing is logged',
  zh: '{unit}：MemoryHigh（{high}）远低于 MemoryMax（{max}）：介于两者之间时会慢上几分钟，而且没有日志',
};

export const memoryHigh: Check = {
  id: 'B4',
  name: 'memory-high',
  group: 'units',
  title: { en: 'Brake and limit of a service', zh: '服务的限速线与上限' },
  why: {
    en: 'Above MemoryHigh a service is slowed down, not killed: with a wide gap and no swap it crawls for minutes, and clients see 504. Nine tenths of the limit are a brake without a swamp.',
    zh: '超过 MemoryHigh 只限速、不杀进程：差距太大又没有交换空间时，服务会慢上几分钟，客户端看到 504。设为上限的九成最合适。',
  },
  explanation: {
    en: 'MemoryMax is the wall: at it a process is killed. MemoryHigh is the brake before it: above it every request for memory has to wait until something was given back.',
    zh: 'MemoryMax 是一堵墙，撞上就杀进程；MemoryHigh 是墙前的刹车，超过后每次申请内存都要先等回收。',
  },
  async look(patient) {
    const [units, mount] = await Promise.all([patient.units(), patient.cgroupMount()]);
    if (units.kind === 'absent') return NOT_APPLICABLE;
    if (units.kind === 'unreadable') return [cannotRead('systemctl show', units)];
    // On version 1 it does nothing.
    if (mount.kind === 'value' && mount.value.version === 1) return NOT_APPLICABLE;
    const both = units.value.filter(
      (unit) => isRunning(unit) && typeof unit.memoryHigh === 'number' && typeof unit.memoryMax === 'number',
    );
    if (both.length === 0) return NOT_APPLICABLE;
    const found = both.flatMap(judge);
    if (found.length > 0) return found;
    return [{ kind: 'ok', evidence: both.map(({ name }) => name).join(', ') }];
  },
};

function judge({ name, memoryHigh: high, memoryMax: max }: UnitFacts): readonly Outcome[] {
  if (typeof high !== 'number' || typeof max !== 'number') return [];
  if (high < max && high >= LEAST_SHARE * max) return [];
  const advised = Math.floor((max * ADVISED_SHARE) / MiB);
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: high >= max ? TOO_HIGH : TOO_LOW,
      data: { unit: name, high: formatBytes(high), max: formatBytes(max) },
      evidence: `${name}: MemoryHigh=${high} MemoryMax=${max}`,
      ...addToUnit(name, 'memory-high', [`MemoryHigh=${advised}M`]),
    },
  ];
}
