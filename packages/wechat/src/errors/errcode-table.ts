import { type FailureRow, misconfigured } from './failure-row.ts';
import { contentRows } from './tables/content-rows.ts';
import { customerServiceRows } from './tables/customer-service-rows.ts';
import { generateLinkRows, linkRows, qrCodeRows } from './tables/link-rows.ts';
import { loginRows } from './tables/login-rows.ts';
import { messageRows } from './tables/message-rows.ts';
import { platformRows } from './tables/platform-rows.ts';
import { shippingRows } from './tables/shipping-rows.ts';

/** WeChat's errcodes, by number. The official name of each is in WeChat's "global return code" page. */
export const errcodeRows: Readonly<Record<number, FailureRow>> = {
  ...platformRows,
  ...loginRows,
  ...messageRows,
  ...contentRows,
  ...shippingRows,
  ...linkRows,
  ...customerServiceRows,
};

/** Errcodes that mean something else where the secret is sent and no token: none can be stale there. */
const bySecretRows: Readonly<Record<number, FailureRow>> = {
  40001: misconfigured(
    'Check the AppSecret: WeChat does not accept it for this AppID.',
    '请检查 AppSecret：微信不接受它与该 AppID 的组合。',
  ),
};

/** Errcodes that mean something else at some paths than everywhere else. */
export const rowsByPath: Readonly<Record<string, Readonly<Record<number, FailureRow>>>> = {
  '/cgi-bin/stable_token': bySecretRows,
  '/cgi-bin/token': bySecretRows,
  '/sns/jscode2session': bySecretRows,
  '/cgi-bin/clear_quota/v2': bySecretRows,
  '/wxa/generate_urllink': generateLinkRows,
  '/wxa/generatescheme': generateLinkRows,
  '/wxa/getwxacodeunlimit': qrCodeRows,
};

/** An errcode that is in no table: told as it is, never retried. */
export const unknownErrcodeRow: FailureRow = {
  code: 'WECHAT_ERRCODE_UNKNOWN',
  retry: 'never',
  alert: false,
  advice: {
    en: "Look up errcode {errcode} on WeChat's page of this API; the rid can be queried for 7 days.",
    zh: '请在微信该接口的文档中查询错误码 {errcode}；rid 在 7 天内可查询。',
  },
};
