import type { ApiFacts } from '../http/api-facts.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { checkMedia, MEDIA_CHECK_ASYNC } from './check-media.ts';
import { checkText, MSG_SEC_CHECK } from './check-text.ts';
import type { MediaCheckRequest, TextCheckRequest, TextVerdict } from './content-types.ts';
import { fetchRiskRank, type RiskRank, type RiskRankRequest, USER_RISK_RANK } from './risk-rank.ts';

export const CONTENT_APIS: readonly ApiFacts[] = [MSG_SEC_CHECK, MEDIA_CHECK_ASYNC, USER_RISK_RANK];

/** What users write and show, and who they are. */
export interface ContentChecks {
  /** See {@link checkText}. */
  checkText(request: TextCheckRequest): Promise<TextVerdict>;
  /** See {@link checkMedia}. */
  checkMedia(request: MediaCheckRequest): Promise<{ readonly traceId: string }>;
  /** See {@link fetchRiskRank}. */
  riskRank(request: RiskRankRequest): Promise<RiskRank>;
}

export function createContentChecks(callApi: ApiCaller, appId: string): ContentChecks {
  return {
    checkText: (request) => checkText(callApi, request),
    checkMedia: (request) => checkMedia(callApi, request),
    riskRank: (request) => fetchRiskRank(callApi, appId, request),
  };
}
