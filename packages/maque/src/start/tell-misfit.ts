import { say, type Text } from '@maque/kit';
import { type DoesNotFit, formatBasis, formatBudget } from '@maque/ops';
import type { ExitCode, Surroundings } from '../cli/command.ts';

const REFUSED = {
  en: 'Not started: the memory budget ({basis}) is too small.',
  zh: '未启动：内存预算（{basis}）不足。',
} satisfies Text;

/** Tells the whole sum that does not fit. @returns the exit code that says so. */
export function tellMisfit(plan: DoesNotFit, { terminal, language }: Surroundings): ExitCode {
  const headline = say(REFUSED, language, { basis: formatBasis(plan.basis, language) });
  terminal.error(`${terminal.style('red', '✖')} ${headline}\n${formatBudget(plan, language)}`);
  return 2;
}
