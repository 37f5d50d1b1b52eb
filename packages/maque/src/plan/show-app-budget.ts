import { formatBytes, say, type Text } from '@maque/kit';
import { formatBasis, formatBudget, readFacts } from '@maque/ops';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { readBudgetedSettings } from '../settings/read-settings.ts';

const BUDGET: Text = { en: 'Memory budget {limit} ({basis})', zh: '内存预算 {limit}（{basis}）' };

/** `maque plan --only-app`: the sum of the keeper and its workers, as `maque start` would make it here. */
export async function showAppBudget(invocation: Invocation): Promise<ExitCode> {
  const { options } = invocation;
  const { terminal, language } = invocation.surroundings;
  const facts = readFacts();
  const { plan } = readBudgetedSettings(invocation, facts);
  if (options.json === true) {
    terminal.out(JSON.stringify({ facts, plan }, null, 2));
  } else {
    const data = { limit: formatBytes(plan.basis.limitBytes), basis: formatBasis(plan.basis, language) };
    terminal.out(`${say(BUDGET, language, data)}\n\n${formatBudget(plan, language)}`);
  }
  return plan.fits ? 0 : 2;
}
