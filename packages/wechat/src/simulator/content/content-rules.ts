import { randomBytes } from 'node:crypto';
import { HOUR, type Milliseconds } from '@maque/kit';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

const PRESENT_WITHIN: Milliseconds = 2 * HOUR;

/** @throws Refusal 40003, 43104 or, for who has not had the mini-program open within two hours, 61010. */
export function assertPresentUser({ users }: World, openid: unknown): asserts openid is string {
  if (typeof openid !== 'string' || !/^o[\w-]{27}$/.test(openid)) throw new Refusal(40003);
  if (users.find(openid) === undefined) throw new Refusal(43104);
  if (!users.hasOpenedWithin(openid, PRESENT_WITHIN)) throw new Refusal(61010);
}

/** Profile, comment, forum or social log. */
export function isScene(scene: unknown): boolean {
  return scene === 1 || scene === 2 || scene === 3 || scene === 4;
}

/** The name of a check. */
export function createTraceId(): string {
  const noise = randomBytes(10).toString('hex');
  return `${noise.slice(0, 8)}-${noise.slice(8, 16)}-${noise.slice(16)}`;
}
