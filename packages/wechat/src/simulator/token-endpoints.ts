import { assertAccount } from './account-check.ts';
import type { ApiHandler } from './api-handler.ts';
import { Refusal } from './refusal.ts';

export const handleStableToken: ApiHandler = ({ body }, world) => {
  const { grant_type: grantType, appid, secret, force_refresh: forced = false } = body;
  if (grantType !== 'client_credential') throw new Refusal(40002);
  assertAccount(world, appid, secret);
  if (typeof forced !== 'boolean') throw new Refusal(47001);
  return { ...world.stableTokens.fetch(forced) };
};

export const handleLegacyToken: ApiHandler = ({ query }, world) => {
  if (query.get('grant_type') !== 'client_credential') throw new Refusal(40002);
  assertAccount(world, query.get('appid'), query.get('secret'));
  return { ...world.legacyTokens.fetch() };
};
