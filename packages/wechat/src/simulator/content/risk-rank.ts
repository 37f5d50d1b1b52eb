import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { assertPresentUser } from './content-rules.ts';

// Registering, at an activity, and the highest of WeChat's ranks.
const SCENES: ReadonlySet<unknown> = new Set([0, 1, 2]);
const HIGHEST_RANK = 4;

/** `POST /wxa/getuserriskrank`: 0, and 4 for users whose name says `risky`. */
export const handleRiskRank: ApiHandler = ({ body }, world) => {
  const { appid, openid, scene, client_ip: clientIp } = body;
  if (appid !== world.appId) throw new Refusal(40013);
  if (!SCENES.has(scene)) throw new Refusal(40097);
  if (typeof clientIp !== 'string' || isIP(clientIp) === 0) throw new Refusal(40097);
  assertPresentUser(world, openid);
  const rank = world.users.find(openid)?.name.includes('risky') === true ? HIGHEST_RANK : 0;
  // The second name is spelled as WeChat does.
  return { errcode: 0, errmsg: 'getuserriskrank succ', risk_rank: rank, unoin_id: randomInt(2 ** 47) };
};
