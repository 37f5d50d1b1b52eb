import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { agentVendor } from '../facts/cloud-agents.ts';
import { memoryOf } from '../facts/services.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** What the plan takes for the whole system is 180 MiB; agents above this no longer fit in. */
const WORTH_COUNTING: Bytes = 80 * MiB;

const LARGE: Text = {
  en: 'agents and panels take {memory}: {agents}',
  zh: '云厂商代理与面板共占 {memory}：{agents}',
};

export const cloudAgents: Check = {
  id: 'H6',
  name: 'cloud-agents',
  group: 'neighbours',
  title: { en: 'Agents of the cloud, and panels', zh: '云厂商代理与面板' },
  why: {
    en: 'Security and monitoring agents and panels come with the image and take 50 to 300 MiB of a 2 GiB box; whoever plans without them plans too much.',
    zh: '安全、监控代理和面板随镜像预装，在 2 GiB 机器上占 50–300 MiB；规划内存时不计入就会超支。',
  },
  explanation: {
    en: 'They may be useful, and are not harmful: count them in the budget. Who does not need them takes them away in the console of the cloud, or by the uninstaller of the vendor, not with kill.',
    zh: '它们可能有用，也并非有害：请计入内存预算。确实不需要时，用云控制台或厂商的卸载程序移除，而不是 kill。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const byVendor = new Map<string, Bytes>();
    for (const process of processes.value) {
      const vendor = agentVendor(process);
      if (vendor !== undefined) byVendor.set(vendor, (byVendor.get(vendor) ?? 0) + memoryOf(process));
    }
    if (byVendor.size === 0) return NOT_APPLICABLE;
    const agents = [...byVendor].map(([vendor, bytes]) => `${vendor} ${formatBytes(bytes)}`).join(', ');
    const memory = [...byVendor.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (memory <= WORTH_COUNTING) return [{ kind: 'ok', evidence: agents }];
    const where = { en: 'count it with the system', zh: '规划时计入系统占用' };
    const data = { memory: formatBytes(memory), agents };
    const fix = [{ where, lines: [`maque plan   # ${formatBytes(memory)}`] }];
    return [{ kind: 'finding', severity: 'info', text: LARGE, data, evidence: agents, fix }];
  },
};
