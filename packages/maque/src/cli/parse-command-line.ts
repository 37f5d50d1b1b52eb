import { parseArgs } from 'node:util';
import { type ErrorFault, nearestName, type SettingsTable, type Text } from '@maque/kit';
import type { Command, CommandOption, Invocation } from './command.ts';
import { commandErrors } from './command-errors.ts';

/** Options that every command takes. */
export const commonOptions = {
  lang: {
    type: 'string',
    placeholder: '<en|zh-CN>',
    meaning: { en: 'Language of messages', zh: '提示语言' },
  },
  help: { type: 'boolean', meaning: { en: 'Show this', zh: '显示本帮助' } },
} satisfies Record<string, CommandOption>;

const PROBLEM = {
  unknown: { en: 'unknown option {option}', zh: '未知的选项 {option}' },
  unknownNear: {
    en: 'unknown option {option}; did you mean {nearest}?',
    zh: '未知的选项 {option}，是不是 {nearest}？',
  },
  valueMissing: { en: '{option} needs a value', zh: '{option} 需要一个值' },
  valueTooMuch: { en: '{option} takes no value', zh: '{option} 不带值' },
  excluded: { en: 'either {option} or {other}, not both', zh: '{option} 与 {other} 不能同时使用' },
  tooMany: { en: 'too many arguments: {argument}', zh: '多余的参数：{argument}' },
} satisfies Record<string, Text>;

/** A command line that could be read: what the user says, sorted by who needs it. */
export type CommandLine = Omit<Invocation, 'surroundings'> & { readonly wantsHelp: boolean };

/**
 * Reads what follows the command's name.
 * @throws CodedError COMMAND_LINE_INVALID with everything that cannot be understood, at once.
 */
export function parseCommandLine(command: Command, args: readonly string[]): CommandLine {
  const settingOptions = optionsOfSettings(command.settings ?? {});
  const options: Record<string, CommandOption> = { ...commonOptions, ...settingOptions, ...command.options };
  const parse = (some: readonly string[]) =>
    parseArgs({
      args: [...some],
      options: typesOf(options),
      strict: false,
      allowPositionals: true,
      tokens: true,
    });

  const own = command.passesArgumentsOn === true ? untilFirstArgument(args, parse(args).tokens) : args;
  const { tokens, positionals } = parse(own);
  const passedOn = args.slice(own.length);
  const problems: ErrorFault[] = [];
  const found: Record<string, string | boolean> = {};
  const complain = (issue: Text, data: Record<string, string>) => problems.push({ issue, data });

  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    const written = { option: token.rawName };
    if (option === undefined) {
      const nearest = nearestName(token.name, Object.keys(options));
      if (nearest === undefined) complain(PROBLEM.unknown, written);
      else complain(PROBLEM.unknownNear, { ...written, nearest: `--${nearest}` });
    } else if (option.type === 'string' && token.value === undefined) complain(PROBLEM.valueMissing, written);
    else if (option.type === 'boolean' && token.value !== undefined) complain(PROBLEM.valueTooMuch, written);
    else found[token.name] = token.value ?? true;
  }
  for (const name of Object.keys(found))
    for (const other of options[name]?.excludes ?? [])
      if (Object.hasOwn(found, other))
        complain(PROBLEM.excluded, { option: `--${name}`, other: `--${other}` });
  for (const argument of positionals.slice(command.mostArguments)) complain(PROBLEM.tooMany, { argument });

  const wantsHelp = found.help === true;
  if (problems.length > 0 && !wantsHelp) {
    throw commandErrors.COMMAND_LINE_INVALID({ data: { name: command.name }, details: problems });
  }
  return {
    arguments: [...positionals, ...passedOn],
    options: pick(found, command.options ?? {}),
    settingFlags: pick(found, settingOptions),
    wantsHelp,
  };
}

/** The flags of a settings table, as options. */
export function optionsOfSettings(table: SettingsTable): Record<string, CommandOption> {
  const options: Record<string, CommandOption> = {};
  for (const { flag, type, meaning, choices } of Object.values(table)) {
    if (flag === undefined) continue;
    options[flag] =
      type === 'boolean'
        ? { type: 'boolean', meaning }
        : { type: 'string', placeholder: `<${choices?.join('|') ?? type}>`, meaning };
  }
  return options;
}

/** Our own part: up to and with the first argument that is no option. A bare `--` is ours and ends our options. */
function untilFirstArgument(
  args: readonly string[],
  tokens: readonly { readonly kind: string; readonly index: number }[],
): readonly string[] {
  const first = tokens.find(({ kind }) => kind === 'positional');
  return first === undefined ? args : args.slice(0, first.index + 1);
}

function typesOf(options: Readonly<Record<string, CommandOption>>) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
}

function pick(
  values: Readonly<Record<string, string | boolean>>,
  names: Readonly<Record<string, unknown>>,
): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(names, name)));
}
