import type { ApiFacts } from '../http/api-facts.ts';
import type { PictureAnswer } from '../http/read-answer.ts';
import { textField } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { assertLink, assertQrCode } from './check-links.ts';
import type { LinkRequest, QrCode, QrCodeRequest } from './link-types.ts';

export const GET_UNLIMITED_QR_CODE: ApiFacts = {
  method: 'POST',
  path: '/wxa/getwxacodeunlimit',
  page: 'getUnlimitedQRCode',
  call: 'client.links.qrCode',
  summary: {
    en: 'Draws a QR code that opens a page; any number of them, good for ever.',
    zh: '生成不限数量、永久有效的小程序码。',
  },
  errcodes: [-1, 40001, 40097, 40129, 40169, 41030, 45009, 85096],
};

const ERRORS_OF_LINKS = [
  -1, 40001, 40002, 40013, 40165, 40212, 44990, 44993, 85079, 85401, 85402, 85407, 85408,
];

export const GENERATE_URL_LINK: ApiFacts = {
  method: 'POST',
  path: '/wxa/generate_urllink',
  page: 'generateUrlLink',
  call: 'client.links.urlLink',
  summary: {
    en: 'Makes an https link that opens the mini-program from messages, mail and web pages; for 30 days at most.',
    zh: '生成 URL Link，可在短信、邮件、网页中打开小程序，最长 30 天。',
  },
  errcodes: ERRORS_OF_LINKS,
};

export const GENERATE_SCHEME: ApiFacts = {
  method: 'POST',
  path: '/wxa/generatescheme',
  page: 'generateScheme',
  call: 'client.links.scheme',
  summary: {
    en: 'Makes a weixin:// address that opens the mini-program from other apps; for 30 days at most.',
    zh: '生成 weixin:// 链接（URL Scheme），可从其他应用打开小程序，最长 30 天。',
  },
  errcodes: [...ERRORS_OF_LINKS, 85406],
};

export const LINK_APIS: readonly ApiFacts[] = [GET_UNLIMITED_QR_CODE, GENERATE_URL_LINK, GENERATE_SCHEME];

// The longest that WeChat grants; without a time of its own a link would be refused.
const LONGEST_DAYS = 30;
/** Of WeChat's two ways to say when a link ends: after so many days. */
const BY_DAYS = 1;

// Another picture or link does no harm: a busy answer is worth two more tries.
const MAX_RETRIES = 2;

/** Ways into the mini-program from outside. Arguments that WeChat would refuse are not sent. */
export interface Links {
  /**
   * A QR code that opens a page, with `scene` in its query. Put a short key there and what it stands for into the database;
   * the picture belongs into a file store. 5,000 a minute.
   * @throws WechatError
   */
  qrCode(request: QrCodeRequest): Promise<QrCode>;
  /** An https link, for messages, mail and web pages. It and `scheme` share 500,000 a day. @throws WechatError */
  urlLink(request?: LinkRequest): Promise<string>;
  /** A `weixin://` address, for other apps. @throws WechatError */
  scheme(request?: LinkRequest): Promise<string>;
}

export function createLinks(callApi: ApiCaller, callForPicture: ApiCaller<PictureAnswer>): Links {
  const send = async (api: ApiFacts, body: Readonly<Record<string, unknown>>, field: string) =>
    textField(api.path, await callApi({ ...api, body, maxRetries: MAX_RETRIES, secrets: [] }), field);
  return {
    async qrCode(request) {
      assertQrCode(GET_UNLIMITED_QR_CODE.path, request);
      const body = qrCodeBody(request);
      return callForPicture({ ...GET_UNLIMITED_QR_CODE, body, maxRetries: MAX_RETRIES, secrets: [] });
    },
    async urlLink(request = {}) {
      assertLink(GENERATE_URL_LINK.path, request);
      return send(GENERATE_URL_LINK, { ...targetOf(request), ...endOf(request) }, 'url_link');
    },
    async scheme(request = {}) {
      assertLink(GENERATE_SCHEME.path, request);
      const body = { jump_wxa: targetOf(request), is_expire: true, ...endOf(request) };
      return send(GENERATE_SCHEME, body, 'openlink');
    },
  };
}

function qrCodeBody(request: QrCodeRequest): Readonly<Record<string, unknown>> {
  const { scene, page, checkPage = true, release = 'release', width, transparent, color } = request;
  return {
    scene,
    check_path: checkPage,
    env_version: release,
    ...(page === undefined ? {} : { page }),
    ...(width === undefined ? {} : { width }),
    ...(transparent === undefined ? {} : { is_hyaline: transparent }),
    ...(color === undefined ? {} : { auto_color: false, line_color: color }),
  };
}

function targetOf({ path = '', query = '', release = 'release' }: LinkRequest) {
  return { path, query, env_version: release };
}

function endOf({ days = LONGEST_DAYS }: LinkRequest) {
  return { expire_type: BY_DAYS, expire_interval: days };
}
