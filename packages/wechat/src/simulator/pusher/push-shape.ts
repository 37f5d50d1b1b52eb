import { hash, randomInt } from 'node:crypto';
import { SECOND } from '@maque/kit';
import type { PushFields } from '../../push/index.ts';

/** Fields with the peculiarities of WeChat's JSON: a `List` of one is no list, and events of subscribing tell the time as text. */
export function inWechatShape({ List: list, ...fields }: PushFields): PushFields {
  if (list === undefined) return fields;
  const only = Array.isArray(list) && list.length === 1 ? list[0] : list;
  return { ...fields, CreateTime: String(fields.CreateTime), List: only };
}

/** Fields with who it is from and to, when, and the number that messages of users have, where they do not say so themselves. */
export function completeFields(
  fields: PushFields,
  appId: string,
  toldMs: number,
  openid = 'wechat-system',
): PushFields {
  const number = fields.MsgType === 'event' ? {} : { MsgId: randomInt(1e14, 2e14) };
  return {
    ToUserName: `gh_${hash('sha256', appId, 'hex').slice(0, 12)}`,
    FromUserName: openid,
    CreateTime: Math.floor(toldMs / SECOND),
    ...number,
    ...fields,
  };
}
