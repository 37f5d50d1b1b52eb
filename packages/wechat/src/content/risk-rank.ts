import { isIP } from 'node:net';
import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { numberField, toText } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

/** A user at a moment when a cheat would pay. */
export interface RiskRankRequest {
  /** Must have used the mini-program within 30 minutes. */
  readonly openid: string;
  /** What they are about to do: register, or take part in a campaign. */
  readonly scene: 'registration' | 'campaign';
  /** The address that they come from. */
  readonly clientIp: string;
  /** Makes the rank surer. */
  readonly phone?: string;
  /** A trial call, which WeChat does not charge for. False unless told. */
  readonly test?: boolean;
}

export interface RiskRank {
  /** 0 is harmless, 4 the most doubtful. */
  readonly rank: number;
  /** Names this request when asking WeChat about it. */
  readonly requestId: string;
}

export const USER_RISK_RANK: ApiFacts = {
  method: 'POST',
  path: '/wxa/getuserriskrank',
  page: 'getUserRiskRank',
  call: 'client.content.riskRank',
  summary: { en: 'How doubtful a user is, from 0 to 4.', zh: '获取用户安全等级（0 至 4）。' },
  errcodes: [-1, 40001, 40003, 43104, 48001, 61010],
};

const SCENES = { registration: 0, campaign: 1 } as const;

/** Asks WeChat how doubtful a user is. @throws WechatError: `WECHAT_USER_AWAY`, or as other calls do. */
export async function fetchRiskRank(
  callApi: ApiCaller,
  appId: string,
  { openid, scene, clientIp, phone, test = false }: RiskRankRequest,
): Promise<RiskRank> {
  if (isIP(clientIp) === 0) {
    const issue = { en: 'must be an IP address', zh: '须为 IP 地址' };
    throw argumentError(USER_RISK_RANK.path, [{ path: 'clientIp', issue }]);
  }
  const answer = await callApi({
    ...USER_RISK_RANK,
    body: {
      appid: appId,
      openid,
      scene: SCENES[scene],
      client_ip: clientIp,
      is_test: test,
      ...(phone === undefined ? {} : { mobile_no: phone }),
    },
    maxRetries: 2,
    secrets: phone === undefined ? [] : [phone],
  });
  // Spelled so on WeChat's page.
  return { rank: numberField(USER_RISK_RANK.path, answer, 'risk_rank'), requestId: toText(answer.unoin_id) };
}
