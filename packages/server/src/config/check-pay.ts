import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CodedError, Text } from '@maque/kit';
import { bootErrors } from './boot-errors.ts';
import { isLoopbackUrl, isSafeAddress } from './safe-address.ts';
import type { ServerSettings } from './settings-table.ts';
import { wechatSettings } from './wechat-settings.ts';

/** What any merchant needs, beside the AppID. */
const REQUIRED = ['payMchId', 'paySerial', 'payKeyFile', 'payApiV3Key', 'publicUrl'] as const;
/** Each of these says that there is to be a merchant. */
const TELLING = [
  'payMchId',
  'paySerial',
  'payKeyFile',
  'payApiV3Key',
  'payPublicKeyId',
  'payPublicKeyFile',
] as const;
/** What WeChat Pay's numbers and keys look like. Values are not quoted: some are secret, and they are easily mixed up. */
const FORMS: readonly (readonly [name: (typeof TELLING)[number], form: RegExp, expected: Text])[] = [
  ['payMchId', /^\d{1,32}$/, { en: 'digits', zh: '数字' }],
  ['paySerial', /^[0-9A-F]{1,64}$/i, { en: 'hexadecimal digits', zh: '十六进制数字' }],
  ['payApiV3Key', /^[\x21-\x7e]{32}$/, { en: '32 characters without spaces', zh: '32 个字符且不含空格' }],
  ['payPublicKeyId', /^PUB_KEY_ID_\w{1,64}$/, { en: 'PUB_KEY_ID_ and digits', zh: 'PUB_KEY_ID_ 加数字' }],
];
const OTHERS_BITS = 0o077;

/** What is wrong with the settings of payments, all at once; empty when they are whole, or there are none. */
export function payProblems(settings: ServerSettings, baseDir: string): CodedError[] {
  const problems = addressProblems(settings);
  if (TELLING.every((name) => settings[name] === undefined)) return problems;
  const missing = missingIn(settings).join(', ');
  if (missing !== '') problems.push(bootErrors.PAY_INCOMPLETE({ data: { missing } }));
  for (const [name, form, expected] of FORMS) {
    if (form.test(settings[name] ?? '') || settings[name] === undefined) continue;
    problems.push(bootErrors.PAY_FORM_INVALID({ data: { name: variable(name), expected } }));
  }
  for (const name of ['payKeyFile', 'payPublicKeyFile'] as const) {
    const path = settings[name];
    if (path !== undefined) problems.push(...fileProblems(name, resolve(baseDir, path)));
  }
  return problems;
}

function missingIn(settings: ServerSettings): string[] {
  const { wechatAppId, payPublicKeyId, payPublicKeyFile } = settings;
  const missing = REQUIRED.filter((name) => settings[name] === undefined).map(variable);
  if (wechatAppId === undefined) missing.unshift('MAQUE_WECHAT_APP_ID');
  // The two name one key.
  if (payPublicKeyId !== undefined && payPublicKeyFile === undefined)
    missing.push(variable('payPublicKeyFile'));
  if (payPublicKeyFile !== undefined && payPublicKeyId === undefined)
    missing.push(variable('payPublicKeyId'));
  return missing;
}

function addressProblems({ env, publicUrl, payBaseUrl }: ServerSettings): CodedError[] {
  const problems: CodedError[] = [];
  if (publicUrl !== undefined && !isPublicUrl(publicUrl, env)) {
    problems.push(bootErrors.PUBLIC_URL_INVALID({ data: { url: publicUrl } }));
  }
  if (!isSafeAddress(payBaseUrl)) {
    problems.push(bootErrors.PAY_BASE_URL_INVALID({ data: { url: payBaseUrl } }));
  } else if (env === 'prod' && !isWechatPay(payBaseUrl)) {
    problems.push(bootErrors.PAY_SIMULATOR_IN_PROD({ data: { url: payBaseUrl } }));
  }
  return problems;
}

/** WeChat Pay reports over https only, to an address without a query; the simulator to this machine, too. */
function isPublicUrl(text: string, env: ServerSettings['env']): boolean {
  // WeChat Pay takes 255 characters, of which the path of the route takes some.
  if (!isSafeAddress(text) || /[?#@\s]/.test(text) || text.length > 200) return false;
  return env !== 'prod' || (text.startsWith('https:') && !isLoopbackUrl(text));
}

function isWechatPay(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.hostname.endsWith('.mch.weixin.qq.com');
}

function fileProblems(name: 'payKeyFile' | 'payPublicKeyFile', path: string): CodedError[] {
  const missing = bootErrors.PAY_FILE_MISSING({ data: { name: variable(name), path } });
  try {
    accessSync(path, constants.R_OK);
    const facts = statSync(path);
    if (!facts.isFile()) return [missing];
    const mode = facts.mode & 0o777;
    const isExposed = name === 'payKeyFile' && (mode & OTHERS_BITS) !== 0;
    return isExposed ? [bootErrors.PAY_KEY_EXPOSED({ data: { path, mode: mode.toString(8) } })] : [];
  } catch {
    return [missing];
  }
}

function variable(name: keyof typeof wechatSettings): string {
  return wechatSettings[name].env;
}
