import { formatBytes, say, type Text } from '@maque/kit';
import { formatBasis, formatBudget, readFacts } from '@maque/ops';
import type { Command } from '../cli/command.ts';
import { readBudgetedSettings } from '../settings/read-settings.ts';
import { maqueSettings } from '../settings/settings-table.ts';

const WORDS = {
  budget: { en: 'Memory budget {limit} ({basis})', zh: '内存预算 {limit}({basis})' },
} satisfies Record<string, Text>;

export const planCommand: Command = {
  name: 'plan',
  usage: '[appDir]',
  summary: { en: 'Print the memory budget that start would use', zh: '打印 start 将采用的内存预算' },
  mostArguments: 1,
  settings: maqueSettings,
  options: { json: { type: 'boolean', meaning: { en: 'Print as JSON', zh: '以 JSON 输出' } } },
  async run(invocation) {
    const { options } = invocation;
    const { terminal, language } = invocation.surroundings;
    const facts = readFacts();
    const { plan } = readBudgetedSettings(invocation, facts);
    if (options.json === true) {
      terminal.out(JSON.stringify({ facts, plan }, null, 2));
    } else {
      const data = { limit: formatBytes(plan.basis.limitBytes), basis: formatBasis(plan.basis, language) };
      terminal.out(`${say(WORDS.budget, language, data)}\n\n${formatBudget(plan, language)}`);
    }
    return plan.fits ? 0 : 2;
  },
};
