import { type Language, say, type Text } from '@maque/kit';
import type { Command, CommandOption } from './command.ts';
import { commonOptions, optionsOfSettings } from './parse-command-line.ts';

const WORDS = {
  tagline: {
    en: 'A WeChat mini-program backend that lives on a 2 GB server',
    zh: '跑在 2 GB 服务器上的微信小程序后端',
  },
  usage: { en: 'Usage: maque {line}', zh: '用法:maque {line}' },
  command: { en: '<command> [options]', zh: '<命令> [选项]' },
  commands: { en: 'Commands:', zh: '命令:' },
  options: { en: 'Options:', zh: '选项:' },
  more: { en: 'maque <command> --help says more of each.', zh: '用 maque <命令> --help 查看详情。' },
} satisfies Record<string, Text>;

/** What `maque --help` prints. */
export function formatOverview(commands: readonly Command[], version: string, language: Language): string {
  const rows = commands.map(
    ({ name, usage, summary }) => [joined(name, usage), say(summary, language)] as const,
  );
  return [
    `maque ${version} — ${say(WORDS.tagline, language)}`,
    '',
    say(WORDS.usage, language, { line: say(WORDS.command, language) }),
    '',
    say(WORDS.commands, language),
    ...twoColumns(rows),
    '',
    say(WORDS.options, language),
    ...twoColumns(optionRows({ version: VERSION_OPTION, ...commonOptions }, language)),
    '',
    say(WORDS.more, language),
  ].join('\n');
}

/** What `maque <command> --help` prints. */
export function formatHelp(command: Command, language: Language): string {
  const options = { ...command.options, ...optionsOfSettings(command.settings ?? {}), ...commonOptions };
  return [
    say(command.summary, language),
    '',
    say(WORDS.usage, language, { line: joined(command.name, command.usage) }),
    '',
    say(WORDS.options, language),
    ...twoColumns(optionRows(options, language)),
  ].join('\n');
}

const VERSION_OPTION: CommandOption = {
  type: 'boolean',
  meaning: { en: 'Show the version', zh: '显示版本' },
};

function optionRows(options: Readonly<Record<string, CommandOption>>, language: Language) {
  return Object.entries(options).map(([name, { short, placeholder, meaning }]) => {
    const written = short === undefined ? `--${name}` : `-${short}, --${name}`;
    return [joined(written, placeholder), say(meaning, language)] as const;
  });
}

function joined(first: string, second: string | undefined): string {
  return second === undefined ? first : `${first} ${second}`;
}

// Left columns are ASCII, so characters are columns.
function twoColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
