import { BlockList, isIP } from 'node:net';
import { type CodedError, formatBytes } from '@maque/kit';
import { bootErrors } from './boot-errors.ts';
import { payProblems } from './check-pay.ts';
import { pushProblems } from './check-push.ts';
import { storeProblems } from './check-store.ts';
import { moreAppsProblems } from './more-apps.ts';
import { isSafeAddress } from './safe-address.ts';
import type { ServerSettings } from './settings-table.ts';

/**
 * What of the settings does not go together with the environment, all at once; empty when it may start. Looks at the files
 * that they name, by paths from `baseDir`, and changes nothing.
 */
export function checkEnvironment(settings: ServerSettings, baseDir = process.cwd()): CodedError[] {
  return [
    ...wechatProblems(settings),
    ...moreAppsProblems(settings),
    ...pushProblems(settings),
    ...payProblems(settings, baseDir),
    ...storeProblems(settings),
    ...bodyProblems(settings),
    ...proxyProblems(settings.trustedProxy),
  ];
}

function wechatProblems(settings: ServerSettings): CodedError[] {
  const { env, wechatAppId, wechatSecret, wechatBaseUrl, allowNoWechat } = settings;
  const problems: CodedError[] = [];
  if (wechatAppId !== undefined && wechatSecret === undefined) {
    problems.push(bootErrors.WECHAT_SECRET_MISSING());
  }
  if (!isSafeAddress(wechatBaseUrl)) {
    problems.push(bootErrors.WECHAT_BASE_URL_INVALID({ data: { url: wechatBaseUrl } }));
  }
  if (env !== 'prod') return problems;
  if (wechatAppId === undefined && !allowNoWechat) problems.push(bootErrors.WECHAT_REQUIRED());
  if (!isWechat(wechatBaseUrl)) problems.push(bootErrors.SIMULATOR_IN_PROD({ data: { url: wechatBaseUrl } }));
  return problems;
}

function bodyProblems({ bodyLimit, bodyMemory }: ServerSettings): CodedError[] {
  if (bodyMemory >= bodyLimit) return [];
  const data = { memory: formatBytes(bodyMemory), limit: formatBytes(bodyLimit) };
  return [bootErrors.BODY_MEMORY_TOO_SMALL({ data })];
}

/** WeChat has one domain with several entrances (api, api2, sh.api, sz.api, hk.api). */
function isWechat(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.hostname.endsWith('.weixin.qq.com');
}

function proxyProblems(addresses: readonly string[]): CodedError[] {
  return addresses
    .filter((address) => !isAddressOrRange(address))
    .map((address) => bootErrors.PROXY_INVALID({ data: { address } }));
}

function isAddressOrRange(text: string): boolean {
  const [address = '', prefix] = text.split('/', 2);
  const family = isIP(address);
  if (family === 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
