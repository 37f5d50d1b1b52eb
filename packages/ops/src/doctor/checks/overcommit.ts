import { formatBytes, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { readKernelSetting } from '../facts/kernel-setting.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';
import { setKernel } from '../repairs/kernel-setting-repair.ts';

const HEURISTIC = 0;
const ALWAYS = 1;
const NEVER = 2;
/** From here the next fork of a large process fails. */
const CRITICAL_SHARE = 0.9;

const STRICT: Text = {
  en: 'vm.overcommit_memory is 2: {committed} of {limit} are promised, beyond that every request for memory fails, though memory may be free',
  zh: 'vm.overcommit_memory 为 2：已承诺 {committed}，上限 {limit}；超过后申请内存一律失败，即使还有空闲',
};
const FORK_FAILS: Text = {
  en: 'Redis runs, and vm.overcommit_memory is 0: its snapshot fails when the data are larger than what is available',
  zh: 'Redis 在运行，而 vm.overcommit_memory 为 0：数据大于可用内存时，快照会失败',
};

export const overcommit: Check = {
  id: 'A6',
  name: 'overcommit',
  group: 'memory',
  title: { en: 'Memory that is promised', zh: '内存承诺策略（overcommit）' },
  why: {
    en: "With 2 the fork for a Redis snapshot and V8's large reservations fail while memory is free; Redis asks for 1 itself (`redis-server --check-system`).",
    zh: '设为 2 时，Redis 快照所需的 fork 和 V8 的大块地址预留会在内存充足时失败；Redis 自己建议设为 1（`redis-server --check-system`）。',
  },
  explanation: {
    en: 'Programs ask for more memory than they use, and the kernel promises it. 0 lets it refuse what is obviously too much, 1 promises always, 2 only what is really there. A snapshot of Redis copies the whole process on paper, and needs the promise though hardly a page is copied.',
    zh: '程序申请的内存往往多于实际使用，内核先答应下来。0 表示拒绝明显过量的申请，1 表示总是答应，2 表示只答应真正有的。Redis 做快照时名义上复制整个进程，实际几乎不复制，但需要内核先答应。',
  },
  async look(patient) {
    const value = await readKernelSetting(patient.host, 'vm.overcommit_memory');
    if (value.kind !== 'value') return [cannotRead('/proc/sys/vm/overcommit_memory', value)];
    const evidence = `vm.overcommit_memory = ${value.value}`;
    if (value.value === NEVER) return [await strict(patient, evidence)];
    const services = await patient.services();
    const hasRedis =
      services.kind === 'value' && services.value.some(({ programs }) => programs.has('redis'));
    if (value.value === ALWAYS || !hasRedis) return [{ kind: 'ok', evidence }];
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: FORK_FAILS,
        data: {},
        evidence,
        ...setKernel('vm.overcommit_memory', ALWAYS, await patient.isInsideContainer()),
      },
    ];
  },
};

async function strict(patient: Patient, evidence: string): Promise<Outcome> {
  const memory = await patient.memoryInfo();
  const [limit = 0, committed = 0] = ['CommitLimit', 'Committed_AS'].map((name) =>
    memory.kind === 'value' ? memory.value.get(name) : undefined,
  );
  const services = await patient.services();
  const hasRedis = services.kind === 'value' && services.value.some(({ programs }) => programs.has('redis'));
  return {
    kind: 'finding',
    severity: limit > 0 && committed > CRITICAL_SHARE * limit ? 'critical' : 'warning',
    text: STRICT,
    data: { committed: formatBytes(committed), limit: formatBytes(limit) },
    evidence: `${evidence}, CommitLimit ${formatBytes(limit)}, Committed_AS ${formatBytes(committed)}`,
    ...setKernel('vm.overcommit_memory', hasRedis ? ALWAYS : HEURISTIC, await patient.isInsideContainer()),
  };
}
