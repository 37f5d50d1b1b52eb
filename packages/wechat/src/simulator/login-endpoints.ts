import { createHmac, timingSafeEqual } from 'node:crypto';
import { MINUTE } from '@maque/kit';
import { assertAccount } from './account-check.ts';
import type { ApiCall, ApiHandler } from './api-handler.ts';
import type { Rate } from './rate-limiter.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

const LOGINS_OF_ONE_USER: Rate = { limit: 100, perMs: MINUTE, errcode: 45011 };

export const handleCode2Session: ApiHandler = ({ query }, world) => {
  assertAccount(world, query.get('appid'), query.get('secret'));
  const code = query.get('js_code') ?? '';
  if (code === '') throw new Refusal(41008);
  if (query.get('grant_type') !== 'authorization_code') throw new Refusal(40002);
  const name = world.codes.redeem(code, 'login');
  world.limiter.count(`login ${name}`, LOGINS_OF_ONE_USER);
  const { user, sessionKey } = world.users.login(name);
  const union = user.unionid === undefined ? {} : { unionid: user.unionid };
  return { session_key: sessionKey, openid: user.openid, ...union };
};

export const handleCheckSession: ApiHandler = (call, world) => {
  const { openid, signature } = proofIn(call);
  const sessionKey = world.users.sessionKeyOf(openid);
  if (sessionKey === undefined || !isSignature(signature, sessionKey)) throw new Refusal(87009);
  return { errcode: 0, errmsg: 'ok' };
};

export const handleResetSession: ApiHandler = (call, world) => {
  const { openid, signature } = proofIn(call);
  const sessionKey = world.users.sessionKeyOf(openid);
  if (sessionKey === undefined) throw new Refusal(87007);
  if (!isSignature(signature, sessionKey)) throw new Refusal(87009);
  return { errcode: 0, errmsg: 'ok', openid, session_key: world.users.resetSessionKey(openid) };
};

export const handlePhoneNumber: ApiHandler = ({ body }, world) => {
  const { code, openid } = body;
  if (typeof code !== 'string' || code === '') throw new Refusal(47001);
  const user = world.users.named(world.codes.redeem(code, 'phone'));
  // Which errcode WeChat gives to another user's openid is not documented; this is its word for a wrong one.
  if (openid !== undefined && openid !== user.openid) throw new Refusal(40003);
  return { errcode: 0, errmsg: 'ok', phone_info: phoneInfo(user.phoneNumber, world) };
};

function phoneInfo(phoneNumber: string, world: World) {
  return {
    phoneNumber,
    purePhoneNumber: phoneNumber,
    countryCode: '86',
    watermark: { timestamp: Math.floor(world.clock.told() / 1000), appid: world.appId },
  };
}

function proofIn({ query }: ApiCall): { readonly openid: string; readonly signature: string } {
  const openid = query.get('openid') ?? '';
  const signature = query.get('signature') ?? '';
  if (openid === '' || signature === '') throw new Refusal(40097);
  if (query.get('sig_method') !== 'hmac_sha256') throw new Refusal(87008);
  return { openid, signature };
}

/** WeChat's side of the proof: the HMAC of nothing, keyed with the session key as text. */
function isSignature(signature: string, sessionKey: string): boolean {
  const expected = createHmac('sha256', sessionKey).update('').digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
