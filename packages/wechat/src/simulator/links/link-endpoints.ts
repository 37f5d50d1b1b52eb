import { randomBytes } from 'node:crypto';
import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { assertLinkExpiry, assertLinkPage } from './link-rules.ts';

/** `POST /wxa/generate_urllink` */
export const handleUrlLink: ApiHandler = ({ body }, world) => {
  assertLinkPage(body, world);
  assertLinkExpiry(body, world.clock.told());
  return { errcode: 0, errmsg: 'ok', url_link: `https://wxaurl.cn/${randomBytes(8).toString('base64url')}` };
};

/** `POST /wxa/generatescheme` */
export const handleScheme: ApiHandler = ({ body }, world) => {
  const { jump_wxa: target = {} } = body;
  if (typeof target !== 'object' || target === null) throw new Refusal(47001);
  assertLinkPage(target as Readonly<Record<string, unknown>>, world);
  assertLinkExpiry(body, world.clock.told());
  const openlink = `weixin://dl/business/?t=${randomBytes(12).toString('base64url')}`;
  return { errcode: 0, errmsg: 'ok', openlink };
};
