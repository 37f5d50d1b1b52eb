import { type Milliseconds, SECOND } from '@maque/kit';
import { WechatError } from '@maque/wechat';
import { HopelessJobError, PostponedJobError } from '../../ports/index.ts';

/** Template unknown, page unknown, template banned: wrong for this message until somebody changes the app. */
const WRONG_FOR_GOOD: ReadonlySet<number | null> = new Set([40037, 41030, 43107]);
/** Where a message itself is sent; its token and its template are asked for elsewhere. */
const SEND_PATH = '/cgi-bin/message/subscribe/send';
const UNKNOWN_OUTCOMES: ReadonlySet<string> = new Set([
  'WECHAT_TIMED_OUT',
  'WECHAT_ANSWER_UNREADABLE',
  'WECHAT_UNREACHABLE',
]);
/** There was no connection at all. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Of a rate of whose end WeChat says nothing. */
const MOMENT_MS: Milliseconds = SECOND;

/**
 * What a failed send means to its job: quotas and rates are waited for and do not count; what is wrong with the message
 * itself is final, and so is what may have arrived; the rest is tried again as other jobs are.
 */
export function jobErrorOf(error: unknown): unknown {
  if (!(error instanceof WechatError)) return error;
  const waitMs = error.retryAfterSeconds === undefined ? MOMENT_MS : error.retryAfterSeconds * SECOND;
  switch (error.code) {
    case 'WECHAT_QUOTA_USED_UP':
    case 'WECHAT_TOO_FREQUENT':
      return new PostponedJobError(reasonOf(error), waitMs, { cause: error });
    case 'WECHAT_CALL_INVALID':
    case 'WECHAT_CONTENT_REFUSED':
      return new HopelessJobError(reasonOf(error), { cause: error });
    case 'WECHAT_MISCONFIGURED':
      return WRONG_FOR_GOOD.has(error.errcode)
        ? new HopelessJobError(reasonOf(error), { cause: error })
        : error;
    default:
      return mayHaveArrived(error)
        ? new HopelessJobError(`${reasonOf(error)}; it may have arrived`, { cause: error })
        : error;
  }
}

/** Once the message itself was on its way nobody knows: sent again it would use a second right, and be read twice. */
export function mayHaveArrived(error: unknown): boolean {
  if (!(error instanceof WechatError) || !UNKNOWN_OUTCOMES.has(error.code)) return false;
  const { path, data } = error;
  return path === SEND_PATH && !(typeof data.reason === 'string' && NEVER_SENT.has(data.reason));
}

/** For an operator, who reads it among the dead jobs. */
function reasonOf(error: WechatError): string {
  const details = error.details.map(({ path, issue }) => (path === undefined ? issue : `${path} ${issue}`));
  const said = error.errmsg === '' ? details.join('; ') : error.errmsg;
  return `${error.code}${error.errcode === null ? '' : ` ${error.errcode}`}: ${said}`;
}
