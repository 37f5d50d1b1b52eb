import { type ErrorFault, type Language, say, type Text } from '@maque/kit';
import type { SchemaPlan } from '@maque/server/schema';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { withSchema } from './app-schema.ts';
import { stepLine } from './step-words.ts';

const WORDS = {
  nothing: { en: 'The tables are as the collections are declared.', zh: '数据表与集合声明一致。' },
  obstacles: { en: 'To be put right first:', zh: '需先处理：' },
  losses: { en: 'Would be lost:', zh: '将会丢失：' },
} satisfies Record<string, Text>;

/** `maque db diff`: exit code 1 where there is something to do, as `diff` has it. */
export async function showDiff(invocation: Invocation): Promise<ExitCode> {
  const { terminal, language } = invocation.surroundings;
  const { steps, obstacles, losses } = await withSchema(invocation, (schema) => schema.diff());
  if (invocation.options.json === true) {
    const issues = (faults: readonly ErrorFault[]) => faults.map((fault) => jsonOf(fault, language));
    const facts = { steps, obstacles: issues(obstacles), losses: issues(losses) };
    terminal.out(JSON.stringify(facts, undefined, 2));
  } else for (const line of linesOf({ steps, obstacles, losses }, language)) terminal.out(line);
  return steps.length === 0 ? 0 : 1;
}

function linesOf(
  { steps, obstacles, losses }: Pick<SchemaPlan, 'steps' | 'obstacles' | 'losses'>,
  language: Language,
): string[] {
  if (steps.length === 0) return [say(WORDS.nothing, language)];
  const titled = (title: Text, faults: readonly ErrorFault[]) =>
    faults.length === 0
      ? []
      : ['', say(title, language), ...faults.map((fault) => faultLine(fault, language))];
  return [
    ...steps.map((step) => stepLine(step, language)),
    ...titled(WORDS.obstacles, obstacles),
    ...titled(WORDS.losses, losses),
  ];
}

export function faultLine(fault: ErrorFault, language: Language): string {
  const { path, issue } = jsonOf(fault, language);
  return `  ${path}: ${issue}`;
}

function jsonOf({ path = '', issue, data }: ErrorFault, language: Language): { path: string; issue: string } {
  return { path, issue: typeof issue === 'string' ? issue : say(issue, language, data) };
}
