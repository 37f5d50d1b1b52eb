import { type Milliseconds, SECOND } from '@maque/kit';
import { WechatError } from '@maque/wechat';
import { HopelessJobError, PostponedJobError } from '../../ports/index.ts';

/** Template unknown, page unknown, template banned: wrong for this message until somebody changes the app. */
const WRONG_FOR_GOOD: ReadonlySet<number | null> = new Set([40037, 41030, 43107]);
/** Of a rate of whose end WeChat says nothing. */
const MOMENT_MS: Milliseconds = SECOND;

/**
 * What a failed send means to its job: quotas and rates are waited for and do not count, what is wrong with the message
 * itself is final, and the rest is tried again as other jobs are.
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
      return error;
  }
}

/** For an operator, who reads it among the dead jobs. */
function reasonOf(error: WechatError): string {
  const details = error.details.map(({ path, issue }) => (path === undefined ? issue : `${path} ${issue}`));
  const said = error.errmsg === '' ? details.join('; ') : error.errmsg;
  return `${error.code}${error.errcode === null ? '' : ` ${error.errcode}`}: ${said}`;
}
