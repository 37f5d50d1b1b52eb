import { say, type Text } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { withSchema } from './app-schema.ts';
import { stepLine } from './step-words.ts';

const WORDS = {
  none: { en: 'No change is remembered.', zh: '没有改动记录。' },
  undone: { en: 'taken back {at}', zh: '已于 {at} 撤销' },
  backup: { en: 'before it: {path}', zh: '改动前备份：{path}' },
} satisfies Record<string, Text>;

/** `maque db history`: the latest change first. */
export async function showHistory(invocation: Invocation): Promise<ExitCode> {
  const { terminal, language } = invocation.surroundings;
  const changes = await withSchema(invocation, (schema) => schema.history());
  if (invocation.options.json === true) {
    // What the tables were before and after is for the rollback.
    const facts = changes.map(({ changes: _tables, ...facts }) => facts);
    terminal.out(JSON.stringify(facts, undefined, 2));
    return 0;
  }
  if (changes.length === 0) terminal.out(say(WORDS.none, language));
  for (const { id, appliedAt, undoneAt, steps, backup } of changes) {
    const undone = undoneAt === null ? '' : `  (${say(WORDS.undone, language, { at: timeOf(undoneAt) })})`;
    terminal.out(`${id}  ${timeOf(appliedAt)}${undone}`);
    for (const step of steps) terminal.out(`   ${stepLine(step, language)}`);
    if (backup !== null) terminal.out(`   ${say(WORDS.backup, language, { path: backup })}`);
  }
  return 0;
}

/** With the year, which changes of tables outlive. */
function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19);
}
