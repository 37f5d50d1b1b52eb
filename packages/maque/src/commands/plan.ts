import type { Command, CommandOption } from '../cli/command.ts';
import { optionsOfSettings } from '../cli/parse-command-line.ts';
import { requestOptions } from '../plan/request-options.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { jsonOption, markdownOption } from './shared-options.ts';

const boxOptions: Readonly<Record<string, CommandOption>> = {
  ...requestOptions,
  save: {
    type: 'string',
    placeholder: '<file>',
    meaning: { en: 'Keep what was told, for --from', zh: '保存所填内容，供 --from 使用' },
  },
  calibrate: {
    type: 'boolean',
    meaning: {
      en: 'Measure on this machine what a request costs, and plan with it',
      zh: '在本机实测每个请求的开销，并据此规划',
    },
  },
  load: {
    type: 'string',
    placeholder: '<url>',
    meaning: {
      en: 'Measure under requests that are sent to this address of this machine for some seconds',
      zh: '向本机的该地址发送数秒请求来测量',
    },
  },
  for: {
    type: 'string',
    placeholder: '<duration>',
    meaning: {
      en: 'How long to measure; 30s, with --load 10s and at most 1m',
      zh: '测量时长；默认 30s，--load 时 10s，最长 1m',
    },
  },
  svg: {
    type: 'string',
    placeholder: '<file>',
    meaning: { en: 'Draw it: who runs where, and the memory', zh: '画图：部署图与内存条' },
  },
  explain: {
    type: 'boolean',
    meaning: { en: 'Also where each number comes from', zh: '同时说明每个数字的来源' },
  },
  json: jsonOption,
  markdown: markdownOption,
};

/** The budget of Maque's own processes follows from its settings alone; how much memory there is, is one of them. */
const ownSettings = optionsOfSettings(maqueSettings);
const toldOfTheBox = Object.keys(boxOptions).filter(
  (name) => name !== 'json' && !Object.hasOwn(ownSettings, name),
);

export const planCommand: Command = {
  name: 'plan',
  usage: '[appDir]',
  summary: {
    en: 'Plan a server before anything runs on it: who gets how much memory, what it carries, what runs out first',
    zh: '运行之前先规划服务器：内存怎么分、能承载多少、什么先用完',
  },
  mostArguments: 1,
  settings: maqueSettings,
  options: {
    ...boxOptions,
    'only-app': {
      type: 'boolean',
      meaning: {
        en: 'Only the budget that start would use for its own processes',
        zh: '只打印 start 将为自己的进程采用的预算',
      },
      excludes: toldOfTheBox,
    },
  },
  async run(invocation) {
    if (invocation.options['only-app'] === true)
      return (await import('../plan/show-app-budget.ts')).showAppBudget(invocation);
    const { runPlan } = await import('../plan/run-plan.ts');
    return runPlan(invocation, { input: process.stdin, output: process.stderr });
  },
};
