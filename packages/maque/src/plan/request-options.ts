import { ELSEWHERE_FLAG, requestFlags, SERVICES_FLAG } from '@maque/ops/plan/request-flags';
import type { CommandOption } from '../cli/command.ts';

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  size: '<size>',
  bandwidth: '<bit/s>',
  count: '<number>',
  amount: '<number>',
  choice: '<kind>',
};

/** What every command that plans a box is told: by flags, or by a file that holds the same. */
export const requestOptions: Readonly<Record<string, CommandOption>> = {
  ...Object.fromEntries(
    requestFlags
      .filter(({ part }) => part === 'box')
      .map(({ flag, field }) => [flag, optionOf(field)] as const),
  ),
  [SERVICES_FLAG]: {
    type: 'string',
    placeholder: '<list>',
    meaning: {
      en: 'All that runs there: nginx,mariadb:pool=192M,redis,java:spring-boot; Maque too, unless another app is named',
      zh: '机器上运行的全部服务：nginx,mariadb:pool=192M,redis,java:spring-boot；没写其他应用时自动加上麻雀',
    },
  },
  [ELSEWHERE_FLAG]: {
    type: 'string',
    placeholder: '<list>',
    meaning: {
      en: 'What other machines hold: database, redis, object-store',
      zh: '放在其他机器上的：database、redis、object-store',
    },
  },
  ...Object.fromEntries(
    requestFlags
      .filter(({ part }) => part === 'load')
      .map(({ flag, field }) => [flag, optionOf(field)] as const),
  ),
  live: {
    type: 'boolean',
    meaning: {
      en: 'Begin with this machine and all that runs on it, asking nothing; usual where nothing is told',
      zh: '以本机及其上运行的服务为准，不提问；什么都没指定时即如此',
    },
  },
  from: {
    type: 'string',
    placeholder: '<file>',
    meaning: { en: 'Begin with a saved request', zh: '以保存的请求文件为准' },
    excludes: ['live'],
  },
};

function optionOf(field: (typeof requestFlags)[number]['field']): CommandOption {
  if (field.type === 'switch') return { type: 'boolean', meaning: field.meaning };
  const placeholder = PLACEHOLDERS[field.type];
  return { type: 'string', ...(placeholder === undefined ? {} : { placeholder }), meaning: field.meaning };
}
