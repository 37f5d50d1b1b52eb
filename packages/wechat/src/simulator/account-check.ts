import { hash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

/** @throws Refusal as WeChat refuses an AppID or secret that is missing or wrong. */
export function assertAccount(world: World, appId: unknown, secret: unknown): void {
  if (typeof appId !== 'string' || appId === '') throw new Refusal(41002);
  if (typeof secret !== 'string' || secret === '') throw new Refusal(41004);
  if (appId !== world.appId) throw new Refusal(40013);
  if (!timingSafeEqual(sha256(secret), sha256(world.secret))) throw new Refusal(40125);
}

/** @throws Refusal as WeChat refuses an access token that is missing, malformed, unknown or expired. */
export function assertToken(world: World, token: string | null): void {
  if (token === null || token === '') throw new Refusal(41001);
  if (!/^[\w-]{20,512}$/.test(token)) throw new Refusal(40014);
  const verdict = world.stableTokens.shelf.verdict(token) ?? world.legacyTokens.shelf.verdict(token);
  if (verdict === 'ended') throw new Refusal(42001);
  if (verdict !== 'good') throw new Refusal(40001);
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
