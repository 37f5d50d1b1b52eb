import type { ApiFacts } from '../http/api-facts.ts';
import type { Callers, QuotaReport } from '../http/caller.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import type { Account } from '../token/fetch-token.ts';
import { fetchCallbackAddresses, GET_CALLBACK_IP } from './callback-addresses.ts';
import { explainRid, GET_RID, type RidReport } from './explain-rid.ts';
import {
  type ApiQuota,
  CLEAR_QUOTA,
  CLEAR_QUOTA_BY_SECRET,
  fetchQuota,
  GET_QUOTA,
  resetQuotas,
  resetQuotasBySecret,
} from './quotas.ts';

export const PLATFORM_APIS: readonly ApiFacts[] = [
  GET_QUOTA,
  CLEAR_QUOTA,
  CLEAR_QUOTA_BY_SECRET,
  GET_RID,
  GET_CALLBACK_IP,
];

/** What an operator asks of WeChat's platform itself. */
export interface Platform {
  /** See {@link fetchQuota}. */
  quota(path: string): Promise<ApiQuota>;
  /** See {@link resetQuotas}. Calls that were held back for their quota go through again at once. */
  resetQuotas(): Promise<void>;
  /** See {@link resetQuotasBySecret}. */
  resetQuotasBySecret(): Promise<void>;
  /** See {@link explainRid}. */
  explainRid(rid: string): Promise<RidReport>;
  /** See {@link fetchCallbackAddresses}. */
  callbackAddresses(): Promise<string[]>;
}

interface PlatformOptions {
  readonly callApi: ApiCaller;
  readonly call: Callers;
  readonly account: Account;
  readonly onQuota: (quota: QuotaReport) => void;
}

export function createPlatform({ callApi, call, account, onQuota }: PlatformOptions): Platform {
  return {
    quota: (path) => fetchQuota(callApi, path, onQuota),
    async resetQuotas() {
      await resetQuotas(callApi, account);
      call.releaseQuotas();
    },
    async resetQuotasBySecret() {
      await resetQuotasBySecret(call.forJson, account);
      call.releaseQuotas();
    },
    explainRid: (rid) => explainRid(callApi, rid),
    callbackAddresses: () => fetchCallbackAddresses(callApi),
  };
}
