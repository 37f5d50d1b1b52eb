import {
  formatSetting,
  type Language,
  type ResolvedSettings,
  type SettingDefinition,
  say,
  type Text,
} from '@maque/kit';
import { formatTable, readFacts } from '@maque/ops';
import type { Command } from '../cli/command.ts';
import { readBudgetedSettings } from '../settings/read-settings.ts';
import { maqueSettings } from '../settings/settings-table.ts';

const WORDS = {
  setting: { en: 'setting', zh: '设置' },
  value: { en: 'value', zh: '值' },
  origin: { en: 'from', zh: '来源' },
  meaning: { en: 'meaning', zh: '含义' },
} satisfies Record<string, Text>;

export const configCommand: Command = {
  name: 'config',
  usage: '[appDir]',
  summary: { en: 'Show every setting and where its value comes from', zh: '显示每项设置及其来源' },
  mostArguments: 1,
  settings: maqueSettings,
  options: { json: { type: 'boolean', meaning: { en: 'Print as JSON', zh: '以 JSON 输出' } } },
  async run(invocation) {
    const { options } = invocation;
    const { terminal, language } = invocation.surroundings;
    const { settings } = readBudgetedSettings(invocation, readFacts());
    const rows = settingRows(settings, language);
    if (options.json === true) terminal.out(JSON.stringify({ settings: rows }, null, 2));
    else terminal.out(formatRows(rows, language).join('\n'));
    return 0;
  },
};

interface SettingRow {
  readonly name: string;
  readonly env: string;
  readonly flag: string | null;
  /** As people read it; a secret that is set is `(set)`. */
  readonly shown: string;
  readonly value: unknown;
  readonly origin: string;
  readonly meaning: string;
}

function settingRows(
  { values, origins }: ResolvedSettings<typeof maqueSettings>,
  language: Language,
): SettingRow[] {
  return Object.entries(maqueSettings).map(([name, row]) => {
    const definition: SettingDefinition = row;
    const value = values[name as keyof typeof maqueSettings];
    return {
      name,
      env: definition.env,
      flag: definition.flag === undefined ? null : `--${definition.flag}`,
      shown: formatSetting(definition, value),
      value: definition.secret === true && value !== undefined ? '(set)' : (value ?? null),
      origin: origins[name as keyof typeof maqueSettings],
      meaning: say(definition.meaning, language),
    };
  });
}

function formatRows(rows: readonly SettingRow[], language: Language): string[] {
  const columns = [WORDS.setting, WORDS.value, WORDS.origin, WORDS.meaning];
  return formatTable(
    columns.map((title) => ({ title: say(title, language) })),
    rows.map((row) => [row.env, row.shown, row.origin, row.meaning]),
  );
}
