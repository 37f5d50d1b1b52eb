import type { CommandOption } from '../cli/command.ts';

export const jsonOption: CommandOption = {
  type: 'boolean',
  meaning: { en: 'Print as JSON', zh: '以 JSON 输出' },
};

export const markdownOption: CommandOption = {
  type: 'boolean',
  meaning: { en: 'Print as Markdown', zh: '以 Markdown 输出' },
  excludes: ['json'],
};

export const followOption: CommandOption = {
  type: 'boolean',
  short: 'f',
  meaning: { en: 'Go on with what comes', zh: '持续输出新内容' },
};

/** For commands whose argument is a worker. */
export const appOption: CommandOption = {
  type: 'string',
  placeholder: '<appDir>',
  meaning: { en: 'Folder of the app; the current one by default', zh: '应用目录；默认为当前目录' },
};
