import type { CodedError, Text } from '@maque/kit';
import { bootErrors } from './boot-errors.ts';
import type { ServerSettings } from './settings-table.ts';
import { wechatSettings } from './wechat-settings.ts';

/** What WeChat's console allows. Values are not quoted: they are secret. */
const FORMS: readonly (readonly [name: 'pushToken' | 'pushAesKey', form: RegExp, expected: Text])[] = [
  ['pushToken', /^[A-Za-z0-9]{3,32}$/, { en: '3 to 32 letters or digits', zh: '3 到 32 位字母或数字' }],
  ['pushAesKey', /^[A-Za-z0-9+/]{43}$/, { en: '43 letters and digits', zh: '43 位字母和数字' }],
];

/** What is wrong with the settings of message push, all at once; empty when they are right, or there are none. */
export function pushProblems(settings: ServerSettings): CodedError[] {
  const problems: CodedError[] = [];
  for (const [name, form, expected] of FORMS) {
    const value = settings[name];
    if (value === undefined || form.test(value)) continue;
    problems.push(bootErrors.PUSH_FORM_INVALID({ data: { name: wechatSettings[name].env, expected } }));
  }
  if (settings.pushAesKey !== undefined && settings.pushToken === undefined) {
    problems.push(bootErrors.PUSH_TOKEN_MISSING());
  }
  return problems;
}
