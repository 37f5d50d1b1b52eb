import { type Language, say, type Text } from '@maque/kit';
import { hangingText } from '@maque/ops/present/wrap-text';
import type { Command, CommandOption } from './command.ts';
import { commonOptions, optionsOfSettings } from './parse-command-line.ts';

const WORDS = {
  tagline: {
    en: 'A WeChat mini-program backend that lives on a 2 GB server',
    zh: '跑在 2 GB 服务器上的微信小程序后端',
  },
  usage: { en: 'Usage: maque {line}', zh: '用法：maque {line}' },
  command: { en: '<command> [options]', zh: '<命令> [选项]' },
  commands: { en: 'Commands:', zh: '命令：' },
  options: { en: 'Options:', zh: '选项：' },
  settings: { en: 'Settings of the app, as maque config shows them:', zh: '应用的设置（同 maque config）：' },
  more: { en: 'maque <command> --help says more of each.', zh: '用 maque <命令> --help 查看详情。' },
} satisfies Record<string, Text>;

/** What `maque --help` prints. */
export function formatOverview(
  commands: readonly Command[],
  version: string,
  language: Language,
  columns = Number.POSITIVE_INFINITY,
): string {
  const rows = commands.map(
    ({ name, usage, summary }) => [joined(name, usage), say(summary, language)] as const,
  );
  return [
    `maque ${version} — ${say(WORDS.tagline, language)}`,
    '',
    say(WORDS.usage, language, { line: say(WORDS.command, language) }),
    '',
    say(WORDS.commands, language),
    ...twoColumns(rows, columns),
    '',
    say(WORDS.options, language),
    ...twoColumns(optionRows({ version: VERSION_OPTION, ...commonOptions }, language), columns),
    '',
    say(WORDS.more, language),
  ].join('\n');
}

/**
 * What `maque <command> --help` prints: its own options, then the settings that it takes too.
 * @param columns of the terminal; lines are as long as they are unless given.
 */
export function formatHelp(command: Command, language: Language, columns = Number.POSITIVE_INFINITY): string {
  const { lang, ...settings } = { ...optionsOfSettings(command.settings ?? {}), ...commonOptions };
  const { help, ...rest } = settings;
  const own = { ...command.options, lang, help };
  return [
    ...hangingText('', 0, say(command.summary, language), columns),
    '',
    say(WORDS.usage, language, { line: joined(command.name, command.usage) }),
    '',
    say(WORDS.options, language),
    ...twoColumns(optionRows(own, language), columns),
    ...(Object.keys(rest).length === 0
      ? []
      : ['', say(WORDS.settings, language), ...twoColumns(optionRows(rest, language), columns)]),
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

/** What is longer on the left has a line of its own, so that it does not push all the others to the right. */
const MOST_LEFT = 30;

// Left columns are ASCII, so characters are columns.
function twoColumns(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.max(...rows.map(([left]) => left.length).filter((length) => length <= MOST_LEFT));
  return rows.flatMap(([left, right]) => {
    const lead = left.length > width ? '' : left;
    const lines = hangingText(`  ${lead.padEnd(width)}  `, width + 4, right, columns);
    return lead === left ? lines : [`  ${left}`, ...lines];
  });
}
