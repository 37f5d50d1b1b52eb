import { type Language, languageFrom, nearestName } from '@maque/kit';
import type { Command, ExitCode, Surroundings } from './command.ts';
import { commandErrors } from './command-errors.ts';
import { formatHelp, formatOverview } from './help.ts';
import { parseCommandLine } from './parse-command-line.ts';
import { reportFailure } from './report-failure.ts';

/**
 * Runs one command line from reading it to its exit code; never rejects.
 * @param args what follows `maque`.
 */
export async function runCommandLine(
  commands: readonly Command[],
  args: readonly string[],
  where: Omit<Surroundings, 'language'>,
): Promise<ExitCode> {
  const surroundings = { ...where, language: languageOf(args, where.env) };
  const { terminal, language } = surroundings;
  try {
    const command = findCommand(commands, args);
    if (command === undefined) {
      if (args[0] === '--version') terminal.out(where.installation.version);
      else if (args.length === 0 || args.includes('--help')) {
        terminal.out(formatOverview(commands, where.installation.version, language, terminal.columns()));
      } else throw unknownCommand(commands, args);
      return 0;
    }
    const { wantsHelp, ...line } = parseCommandLine(command, args.slice(wordsOf(command).length));
    if (wantsHelp) {
      terminal.out(formatHelp(command, language, terminal.columns()));
      return 0;
    }
    return await command.run({ ...line, surroundings });
  } catch (error) {
    return reportFailure(error, surroundings);
  }
}

function findCommand(commands: readonly Command[], args: readonly string[]): Command | undefined {
  return commands.find((command) => wordsOf(command).every((word, index) => args[index] === word));
}

function wordsOf(command: Command): string[] {
  return command.name.split(' ');
}

function unknownCommand(commands: readonly Command[], args: readonly string[]): Error {
  const names = commands.map(({ name }) => name);
  const [name = ''] = args;
  const nearest = nearestName(args.slice(0, 2).join(' '), names) ?? nearestName(name, names);
  if (nearest === undefined) return commandErrors.COMMAND_UNKNOWN({ data: { name } });
  return commandErrors.COMMAND_MISSPELLED({ data: { name, nearest } });
}

/** `--lang` is looked for before anything is parsed, since what parsing finds wrong is told in it. */
function languageOf(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const index = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const flag = args[index] === '--lang' ? args[index + 1] : args[index]?.slice('--lang='.length);
  return languageFrom([flag, env.MAQUE_LANG, env.LC_ALL, env.LANG].find((each) => (each ?? '') !== ''));
}
