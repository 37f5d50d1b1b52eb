import { type Bytes, formatBytes, type Language, MiB, say, type Text } from '@maque/kit';
import { formatTable } from '../present/text-table.ts';
import type { Budget, BudgetBasis, BudgetLine, DoesNotFit, SmallestChange } from './budget.ts';

const WORDS = {
  part: { en: 'memory for', zh: '内存用途' },
  each: { en: 'MiB', zh: 'MiB' },
  count: { en: '×', zh: '×' },
  sum: { en: 'sum', zh: '小计' },
  how: { en: 'how', zh: '算法' },
  total: { en: 'in all', zh: '合计' },
  refusal: {
    en: 'Does not fit: {workers} worker(s) need {needed}, there is {available}; {missing} are missing.',
    zh: '装不下：{workers} 个工作进程需要 {needed}，只有 {available}，还差 {missing}。',
  },
  oneOf: { en: 'Any one of these makes it fit:', zh: '做到下面任意一条即可：' },
  told: { en: 'as told', zh: '由用户指定' },
  box: { en: 'this box has {memory}', zh: '本机内存 {memory}' },
  boxLessOs: {
    en: 'this box has {memory}, the system keeps {os}',
    zh: '本机内存 {memory}，系统保留 {os}',
  },
  cgroup: { en: '{bound} limit of {memory}', zh: '{bound} 限额 {memory}' },
  atMost: { en: ', at most 2 GiB unless told', zh: '，未指定时最多 2 GiB' },
} satisfies Record<string, Text>;

const CHANGES = {
  FEWER_WORKERS: { en: '--workers {workers}', zh: '--workers {workers}' },
  SET_MEMORY: { en: '--memory {told}', zh: '--memory {told}' },
  RAISE_BOUND: {
    en: 'a box or a cgroup limit of at least {memory}',
    zh: '换用内存至少 {memory} 的机器，或把 cgroup 限额提高到 {memory}',
  },
  RAISE_BOUND_AND_TELL: {
    en: 'a box or a cgroup limit of at least {memory}, and --memory {told}',
    zh: '换用内存至少 {memory} 的机器（或提高 cgroup 限额），并指定 --memory {told}',
  },
} satisfies Record<SmallestChange['code'] | 'RAISE_BOUND_AND_TELL', Text>;

/** Lays a sum out for people, every term with its formula; a refusal also names what would make it fit. */
export function formatBudget(plan: Budget | DoesNotFit, language: Language): string {
  const table = formatSum(plan.lines, language);
  if (plan.fits) return table.join('\n');
  const { workers, neededBytes, availableBytes } = plan;
  const data = {
    workers,
    needed: formatBytes(neededBytes),
    available: formatBytes(availableBytes),
    missing: formatBytes(neededBytes - availableBytes),
  };
  const changes = plan.changes.map((change) => `  - ${formatChange(change, language)}`);
  return [say(WORDS.refusal, language, data), '', ...table, '', say(WORDS.oneOf, language), ...changes].join(
    '\n',
  );
}

/** Says in one clause where the bound of the sum comes from. */
export function formatBasis(basis: BudgetBasis, language: Language): string {
  if (basis.toldBytes !== undefined) return say(WORDS.told, language);
  const data = {
    bound: basis.bound.replace('-', ' '),
    memory: formatBytes(basis.memoryBytes),
    os: formatBytes(basis.osBytes),
  };
  const capped = basis.limitBytes < basis.memoryBytes - basis.osBytes;
  const source = basis.bound !== 'box' ? WORDS.cgroup : capped ? WORDS.box : WORDS.boxLessOs;
  return say(source, language, data) + (capped ? say(WORDS.atMost, language) : '');
}

function formatSum(lines: readonly BudgetLine[], language: Language): string[] {
  const total = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  return formatTable(
    [
      { title: say(WORDS.part, language) },
      { title: say(WORDS.each, language), align: 'right' },
      { title: say(WORDS.count, language), align: 'right' },
      { title: say(WORDS.sum, language), align: 'right' },
      { title: say(WORDS.how, language) },
    ],
    [
      ...lines.map((line) => [
        say(line.name, language),
        mib(line.bytesEach),
        String(line.count),
        mib(line.bytes),
        line.formula,
      ]),
      undefined,
      [say(WORDS.total, language), '', '', mib(total), ''],
    ],
  );
}

function formatChange(change: SmallestChange, language: Language): string {
  switch (change.code) {
    case 'FEWER_WORKERS':
      return say(CHANGES.FEWER_WORKERS, language, { workers: change.workers });
    case 'SET_MEMORY':
      return say(CHANGES.SET_MEMORY, language, { told: flagValue(change.memoryBytes) });
    case 'RAISE_BOUND': {
      const memory = formatBytes(Math.ceil(change.memoryBytes / MiB) * MiB);
      if (change.toldBytes === undefined) return say(CHANGES.RAISE_BOUND, language, { memory });
      return say(CHANGES.RAISE_BOUND_AND_TELL, language, { memory, told: flagValue(change.toldBytes) });
    }
  }
}

/** As `--memory` reads it. */
function flagValue(bytes: Bytes): string {
  return `${Math.ceil(bytes / MiB)}M`;
}

function mib(bytes: Bytes): string {
  return String(Number((bytes / MiB).toFixed(1)));
}
