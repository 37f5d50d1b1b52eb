import { CodedError, say, type Text } from '@maque/kit';
import type { Schema, SchemaChange } from '@maque/server/schema';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { wishesOf, withSchema } from './app-schema.ts';
import { stepLine } from './step-words.ts';

const WORDS = {
  nothing: { en: 'There was nothing to change.', zh: '没有需要改动的内容。' },
  applied: { en: 'Change {id} is applied.', zh: '改动 {id} 已完成。' },
  undone: { en: 'Change {id} is taken back:', zh: '改动 {id} 已撤销：' },
  backup: { en: 'The database as it was before: {path}', zh: '改动前的数据库：{path}' },
  oldCode: {
    en: 'A server that runs the newer code makes the change again when it starts: start the code of before.',
    zh: '新代码启动时会再次执行该改动：请启动改动前的代码。',
  },
} satisfies Record<string, Text>;

/** `maque db migrate`. */
export function migrateTables(invocation: Invocation): Promise<ExitCode> {
  return change(invocation, async (schema) => {
    const { terminal, language } = invocation.surroundings;
    const applied = await schema.migrate(wishesOf(invocation));
    if (invocation.options.json === true) terminal.out(JSON.stringify(applied, undefined, 2));
    else if (applied === null) terminal.out(say(WORDS.nothing, language));
    else tellChange(applied, WORDS.applied, invocation.surroundings);
  });
}

/** `maque db rollback`. */
export function rollBackTables(invocation: Invocation): Promise<ExitCode> {
  return change(invocation, async (schema) => {
    const undone = await schema.rollback(wishesOf(invocation));
    const { surroundings, options } = invocation;
    if (options.json === true) surroundings.terminal.out(JSON.stringify(undone, undefined, 2));
    else {
      tellChange({ ...undone, backup: null }, WORDS.undone, surroundings);
      surroundings.terminal.out(say(WORDS.oldCode, surroundings.language));
    }
  });
}

async function change(invocation: Invocation, work: (schema: Schema) => Promise<void>): Promise<ExitCode> {
  const { terminal, language } = invocation.surroundings;
  try {
    await withSchema(invocation, work);
    return 0;
  } catch (error) {
    if (!(error instanceof CodedError) || error.details.length === 0) throw error;
    // Each by its place: which field of which collection.
    terminal.error(`${terminal.style('red', '✖')} ${error.messageIn(language)} (${error.code})`);
    for (const { path, issue } of error.detailsIn(language)) terminal.error(`  ${path}: ${issue}`);
    return 1;
  }
}

function tellChange(
  { id, steps, backup }: Pick<SchemaChange, 'id' | 'steps' | 'backup'>,
  title: Text,
  { terminal, language }: Surroundings,
): void {
  terminal.out(say(title, language, { id }));
  for (const step of steps) terminal.out(`  ${stepLine(step, language)}`);
  if (backup !== null) terminal.out(say(WORDS.backup, language, { path: backup }));
}
