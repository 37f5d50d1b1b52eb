import { formatBytes, formatDuration, type Language, say, type Text } from '@maque/kit';
import type { BoxReason, VerdictCode, WorkerVerdict } from './box-decision.ts';

const REASONS = {
  'box-full': {
    en: '{used} of {limit} {where} are in use for good',
    zh: '{where}内存 {limit} 中已有 {used} 无法回收',
  },
  'limit-near': {
    en: 'memory is full in {limitIn} if it goes on like this ({rate}/s)',
    zh: '按目前的速度（{rate}/s），{limitIn} 后内存将耗尽',
  },
  'memory-stall': {
    en: 'for {percent} % of the time nothing could run for lack of memory',
    zh: '有 {percent} % 的时间因缺内存而什么都无法运行',
  },
  'worker-grew': {
    en: 'worker {worker} holds {bytes}, its budget is {budget} ({rate}/s)',
    zh: '工作进程 {worker} 占用 {bytes}，预算为 {budget}（{rate}/s）',
  },
  'neighbour-grew': { en: '{name} grows: {bytes} ({rate}/s)', zh: '{name} 在增长：{bytes}（{rate}/s）' },
} as const satisfies Record<BoxReason['code'], Text>;

const WHERE = {
  cgroup: { en: 'that the control group allows', zh: '控制组' },
  machine: { en: 'of the machine', zh: '整机' },
} as const satisfies Record<'cgroup' | 'machine', Text>;

const VERDICTS = {
  budget: {
    en: '{bytes} of its budget of {budget}, and rising steadily',
    zh: '已占用预算 {budget} 中的 {bytes}，并在持续上升',
  },
  heap: {
    en: 'its heap has {room} left of what is planned for it',
    zh: '距计划给它的堆内存上限只剩 {room}',
  },
  box: {
    en: '{bytes}, over its budget of {budget}, and the box has {room} left',
    zh: '占用 {bytes}，超出预算 {budget}，而整机只剩 {room}',
  },
  full: {
    en: '{bytes}, far over its budget of {budget}, in a box with {room} left',
    zh: '占用 {bytes}，远超预算 {budget}，而整机只剩 {room}',
  },
  neighbour: {
    en: 'others took the memory ({room} left), shedding load was not enough, and it holds {bytes}',
    zh: '内存被其他程序占去（只剩 {room}），限流仍不够，而它占用 {bytes}',
  },
  limit: {
    en: '{bytes} and {rate}/s more, {room} left in the box: killed before the kernel chooses',
    zh: '占用 {bytes} 且每秒增长 {rate}，只剩 {room}：抢在内核选择之前将其杀死',
  },
} as const satisfies Record<VerdictCode, Text>;

/** What is short, in one sentence. */
export function describeBoxReason(reason: BoxReason, language: Language): string {
  return say(REASONS[reason.code], language, shown(reason));
}

/** Why a worker is to go, in one sentence. */
export function describeVerdict(verdict: WorkerVerdict, language: Language): string {
  return say(VERDICTS[verdict.code], language, shown(verdict));
}

/** The numbers as people read them, under the names that the texts use: `limitBytes` is `{limit}` there. */
function shown(data: BoxReason | WorkerVerdict): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => showOne(name, value)));
}

function showOne(name: string, value: string | number): [string, unknown] {
  if (typeof value === 'string')
    return name === 'kind' ? ['where', WHERE[value as keyof typeof WHERE]] : [name, value];
  if (name === 'share') return ['percent', Math.round(value * 100)];
  if (name === 'bytesPerSecond') return ['rate', formatBytes(Math.round(value))];
  if (name.endsWith('Ms')) return [name.slice(0, -'Ms'.length), formatDuration(value)];
  return [name === 'bytes' ? name : name.replace(/Bytes$/, ''), formatBytes(Math.round(value))];
}
