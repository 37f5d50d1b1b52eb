import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CodedError } from '@maque/kit';
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
const OTHERS_BITS = 0o077;

/** What is wrong with the settings of payments, all at once; empty when they are whole, or there are none. */
export function payProblems(settings: ServerSettings, baseDir: string): CodedError[] {
  const problems = addressProblems(settings);
  if (TELLING.every((name) => settings[name] === undefined)) return problems;
  const { payPublicKeyId, payPublicKeyFile, payApiV3Key, payKeyFile } = settings;
  const missing: string[] = REQUIRED.filter((name) => settings[name] === undefined).map(variable);
  if (settings.wechatAppId === undefined) missing.unshift('MAQUE_WECHAT_APP_ID');
  if (payPublicKeyId !== undefined && payPublicKeyFile === undefined)
    missing.push(variable('payPublicKeyFile'));
  if (payPublicKeyFile !== undefined && payPublicKeyId === undefined)
    missing.push(variable('payPublicKeyId'));
  if (missing.length > 0) problems.push(bootErrors.PAY_INCOMPLETE({ data: { missing: missing.join(', ') } }));
  if (payApiV3Key !== undefined && !/^[\x21-\x7e]{32}$/.test(payApiV3Key)) {
    problems.push(bootErrors.PAY_API_V3_KEY_INVALID({ data: { length: payApiV3Key.length } }));
  }
  if (payKeyFile !== undefined)
    problems.push(...fileProblems('payKeyFile', resolve(baseDir, payKeyFile), true));
  if (payPublicKeyFile !== undefined) {
    problems.push(...fileProblems('payPublicKeyFile', resolve(baseDir, payPublicKeyFile), false));
  }
  return problems;
}

function addressProblems({ env, publicUrl, payBaseUrl }: ServerSettings): CodedError[] {
  const problems: CodedError[] = [];
  if (publicUrl !== undefined && !isPublicUrl(publicUrl, env)) {
    problems.push(bootErrors.PUBLIC_URL_INVALID({ data: { url: publicUrl } }));
  }
  if (!isSafeAddress(payBaseUrl))
    problems.push(bootErrors.PAY_BASE_URL_INVALID({ data: { url: payBaseUrl } }));
  else if (env === 'prod' && !isWechatPay(payBaseUrl)) {
    problems.push(bootErrors.PAY_SIMULATOR_IN_PROD({ data: { url: payBaseUrl } }));
  }
  return problems;
}

/** WeChat Pay reports over https only, to an address without a query; the simulator to this machine, too. */
function isPublicUrl(text: string, env: ServerSettings['env']): boolean {
  if (!isSafeAddress(text) || /[?#\s]/.test(text) || text.length > 200) return false;
  return env !== 'prod' || (text.startsWith('https:') && !isLoopbackUrl(text));
}

function isWechatPay(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.hostname.endsWith('.mch.weixin.qq.com');
}

function fileProblems(
  name: 'payKeyFile' | 'payPublicKeyFile',
  path: string,
  isSecret: boolean,
): CodedError[] {
  try {
    const facts = statSync(path);
    if (!facts.isFile()) return [bootErrors.PAY_FILE_MISSING({ data: { name: variable(name), path } })];
    const mode = facts.mode & 0o777;
    const isExposed = isSecret && (mode & OTHERS_BITS) !== 0;
    return isExposed ? [bootErrors.PAY_KEY_EXPOSED({ data: { path, mode: mode.toString(8) } })] : [];
  } catch (error) {
    return [bootErrors.PAY_FILE_MISSING({ data: { name: variable(name), path }, cause: error })];
  }
}

function variable(name: keyof typeof wechatSettings): string {
  return wechatSettings[name].env;
}
