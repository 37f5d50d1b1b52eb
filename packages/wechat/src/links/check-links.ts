import type { ErrorFault } from '@maque/kit';
import { argumentError } from '../errors/wechat-error.ts';
import type { LinkRequest, MiniProgramRelease, QrCodeRequest } from './link-types.ts';

// Bounds and alphabets of WeChat's pages getUnlimitedQRCode, generateUrlLink and generateScheme.
const SCENE = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/;
const WIDTH = { from: 280, to: 1_280 };
const DAYS = { from: 1, to: 30 };
const MAX_QUERY = 1_024;
const MAX_PATH = 1_024;
const RELEASES: readonly MiniProgramRelease[] = ['release', 'trial', 'develop'];

/** @throws WechatError `WECHAT_CALL_INVALID` with each argument that WeChat would refuse. */
export function assertQrCode(path: string, request: QrCodeRequest): void {
  const { scene, page, release, width, color } = request;
  refuse(path, [
    fault(SCENE.test(scene), 'scene', {
      en: "1 to 32 digits, letters and !#$&'()*+,/:;=?@-._~ are expected",
      zh: "应为 1 至 32 个数字、字母或 !#$&'()*+,/:;=?@-._~",
    }),
    fault(page === undefined || (isPage(page) && !page.startsWith('/')), 'page', {
      en: 'a page without a slash in front and without a query is expected',
      zh: '应为开头无 / 且不带参数的页面路径',
    }),
    releaseFault(release),
    rangeFault('width', width, WIDTH),
    fault(color === undefined || [color.r, color.g, color.b].every(isShade), 'color', {
      en: 'r, g and b from 0 to 255 are expected',
      zh: 'r、g、b 应为 0 至 255',
    }),
  ]);
}

/** @throws WechatError `WECHAT_CALL_INVALID` with each argument that WeChat would refuse. */
export function assertLink(apiPath: string, { path, query, days, release }: LinkRequest): void {
  refuse(apiPath, [
    fault(path === undefined || isPage(path), 'path', {
      en: 'a page without a query is expected; the query has a field of its own',
      zh: '应为不带参数的页面路径；参数请放在 query 中',
    }),
    fault(query === undefined || query.length <= MAX_QUERY, 'query', {
      en: 'at most 1,024 characters are expected',
      zh: '最长 1024 个字符',
    }),
    releaseFault(release),
    rangeFault('days', days, DAYS),
  ]);
}

function refuse(path: string, found: readonly (ErrorFault | undefined)[]): void {
  const faults = found.filter((one) => one !== undefined);
  if (faults.length > 0) throw argumentError(path, faults);
}

function fault(fine: boolean, path: string, issue: ErrorFault['issue']): ErrorFault | undefined {
  return fine ? undefined : { path, issue };
}

function releaseFault(release: MiniProgramRelease | undefined): ErrorFault | undefined {
  return fault(release === undefined || RELEASES.includes(release), 'release', {
    en: `one of ${RELEASES.join(', ')} is expected`,
    zh: `应为 ${RELEASES.join('、')} 之一`,
  });
}

function rangeFault(
  name: string,
  value: number | undefined,
  { from, to }: typeof DAYS,
): ErrorFault | undefined {
  const fine = value === undefined || (Number.isInteger(value) && value >= from && value <= to);
  return fault(fine, name, {
    en: `a whole number from ${from} to ${to} is expected`,
    zh: `应为 ${from} 至 ${to} 的整数`,
  });
}

function isPage(text: string): boolean {
  return text.length <= MAX_PATH && /^[^?#\s]+$/.test(text);
}

function isShade(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
