import { MINUTE, SECOND } from '@maque/kit';
import { assertAccount } from '../account-check.ts';
import type { ApiHandler } from '../api-handler.ts';
import type { PathRates } from '../quotas/path-rates.ts';
import { Refusal } from '../refusal.ts';

/** `POST /cgi-bin/openapi/quota/get`. @param ratesOf what WeChat publishes of a path; undefined for a path it does not have. */
export function createQuotaHandler(ratesOf: (path: string) => PathRates | undefined): ApiHandler {
  return ({ body }, { quotas }) => {
    const { cgi_path: path } = body;
    if (typeof path === 'string' && path.startsWith('/sns/')) throw new Refusal(76022);
    const published = typeof path === 'string' ? ratesOf(path) : undefined;
    if (typeof path !== 'string' || published === undefined) throw new Refusal(76021);
    const { limit, used } = quotas.usage(path, published);
    const { perMinute, perSecond } = quotas.ratesOf(path, published);
    const rate =
      perSecond === undefined
        ? { call_count: perMinute ?? 0, refresh_second: MINUTE / SECOND }
        : { call_count: perSecond, refresh_second: 1 };
    return {
      errcode: 0,
      errmsg: 'ok',
      quota: { daily_limit: limit, used, remain: Math.max(limit - used, 0) },
      rate_limit: rate,
    };
  };
}

/** `POST /cgi-bin/clear_quota` */
export const handleClearQuota: ApiHandler = ({ body }, world) => {
  if (body.appid !== world.appId) throw new Refusal(40013);
  world.quotas.reset();
  return { errcode: 0, errmsg: 'ok' };
};

/** `POST /cgi-bin/clear_quota/v2`: with the secret, for who cannot get a token any more. */
export const handleClearQuotaBySecret: ApiHandler = ({ body }, world) => {
  assertAccount(world, body.appid, body.appsecret);
  world.quotas.reset();
  return { errcode: 0, errmsg: 'ok' };
};
