import { hash } from 'node:crypto';
import { errors, limits } from '@maque/contract';
import { type Clock, DAY, type Milliseconds } from '@maque/kit';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../../http/actor-of.ts';
import type { Identity } from '../../ports/identity.ts';
import type { RecordSession } from '../records/record-session.ts';
import {
  type CallerKey,
  deleteKey,
  findKey,
  type KeptAnswer,
  keepAnswer,
  takeKey,
} from './idempotency-store.ts';

/** How long an answer is given again: a phone that was without a network over night may still repeat itself. */
export const KEY_LIFE_MS: Milliseconds = DAY;

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const KEY_FORM = {
  en: 'must have 1 to {max} visible ASCII characters',
  zh: '应为 1 到 {max} 个可见 ASCII 字符',
};

/** A request that is to be done once, however often it comes. */
export interface KeyedRequest extends CallerKey {
  /** Of all of it. */
  readonly digest: string;
}

/**
 * What the request's `Idempotency-Key` makes of it; undefined where it has none. Each caller has keys of their own; all
 * who are not logged in share theirs, so a key is to be random.
 * @throws CodedError VALIDATION_FAILED when the key is not well-formed.
 */
export function keyedRequest({
  headers,
  identity,
  method,
  url,
  body,
}: Pick<FastifyRequest, 'headers' | 'identity' | 'method' | 'url' | 'body'>): KeyedRequest | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || key.length > limits.idempotencyKeyLength || !VISIBLE_ASCII.test(key)) {
    const data = { max: limits.idempotencyKeyLength };
    throw errors.VALIDATION_FAILED({ details: [{ path: 'Idempotency-Key', issue: KEY_FORM, data }] });
  }
  return {
    caller: callerOf(identity),
    keyHash: hash('sha256', key, 'hex'),
    digest: hash('sha256', `${method} ${url}\n${JSON.stringify(body)}`, 'hex'),
  };
}

function callerOf(identity: Identity): string {
  const actor = actorOf(identity);
  return actor.kind === 'anonymous' ? actor.kind : `${actor.kind}:${actor.id}`;
}

/**
 * Does `work` unless this request has been done within {@link KEY_LIFE_MS}, and answers what was answered then. The key
 * is kept in the transaction of the work itself, so an answer is known exactly if what it tells of is.
 * @param session a transaction.
 * @throws CodedError IDEMPOTENCY_KEY_REUSED when the key came with another request, or what `work` throws.
 */
export async function once(
  session: RecordSession,
  keyed: KeyedRequest,
  clock: Clock,
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const { connection } = session;
  const now = Math.floor(clock.now());
  if (!(await takeKey(connection, keyed, now))) {
    const known = await findKey(connection, keyed);
    if (known !== undefined && known.createdAt > now - KEY_LIFE_MS) {
      if (known.digest !== keyed.digest) throw errors.IDEMPOTENCY_KEY_REUSED();
      return known;
    }
    await deleteKey(connection, keyed);
    await takeKey(connection, keyed, now);
  }
  const answer = await work();
  await keepAnswer(connection, keyed, answer);
  return answer;
}
