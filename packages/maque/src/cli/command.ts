import type { Language, SettingsTable, Text } from '@maque/kit';
import type { Installation } from '../installation.ts';
import type { Terminal } from './terminal.ts';

/** A flag of one command that is no setting. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** One letter that says the same. */
  readonly short?: string;
  /** What stands for the value in the help: `<url>`. */
  readonly placeholder?: string;
  readonly meaning: Text;
  /** Options that say otherwise: two ways to print. */
  readonly excludes?: readonly string[];
}

/** Everything that the command line, the help and the references know of a command. */
export interface Command {
  /** One or two words. */
  readonly name: string;
  /** Its arguments as the help shows them, `[appDir]`. */
  readonly usage?: string;
  readonly summary: Text;
  /** How many arguments it takes at most. */
  readonly mostArguments: number;
  /** What follows the first argument belongs to that program, flags included. */
  readonly passesArgumentsOn?: boolean;
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** Settings whose flags it takes. */
  readonly settings?: SettingsTable;
  /** Does the work; resolves to the exit code: 0 fine, 1 findings or bad input, 2 does not fit. */
  run(invocation: Invocation): Promise<ExitCode>;
}

export type ExitCode = 0 | 1 | 2;

/** One call of a command, read and checked. */
export interface Invocation {
  readonly arguments: readonly string[];
  /** The command's own options. */
  readonly options: Readonly<Record<string, string | boolean>>;
  /** Raw values of the flags of its settings. */
  readonly settingFlags: Readonly<Record<string, string | boolean>>;
  readonly surroundings: Surroundings;
}

/** What a command sees of the world; passed in so that it can be tested. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly installation: Installation;
}
