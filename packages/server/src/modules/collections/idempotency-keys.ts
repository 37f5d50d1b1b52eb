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
  deleteKeysBeyond,
  findKey,
  type KeptAnswer,
  keepAnswer,
  takeKey,
} from './idempotency-store.ts';

/** How long an answer is given again: a phone that was without a network over night may still repeat itself. */
export const KEY_LIFE_MS: Milliseconds = DAY;

/** Characters of an answer that is kept: most records have fewer. With its keys a user fills 4 MB (some 12 in Chinese). */
const KEPT_LENGTH = 4_096;
/** Keys of one user: what anybody sends again within minutes, as a phone does, is among the newest thousand. */
export const KEYS_OF_A_USER = 1_000;
/** Keys of each machine and member of staff, and of all who are not logged in: they may bring in thousands of records. */
const KEYS_OF_OTHERS = 10_000;

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const KEY_FORM = {
  en: 'must have 1 to {max} visible ASCII characters',
  zh: '应为 1 到 {max} 个可见 ASCII 字符',
};

/** A request that is to be done once, however often it comes. */
export interface KeyedRequest extends CallerKey {
  /** Of all of it. */
  readonly digest: string;
  /** How many keys its caller may have. */
  readonly keysAtMost: number;
}

/** What was done, and what is answered. */
export interface Done extends KeptAnswer {
  /** The ids of the records that were made, in their order. */
  readonly createdIds: readonly string[];
}

/** How a request is done, and how it is answered again. */
export interface KeyedWork {
  run(): Promise<Done>;
  /** Makes a long answer again, from the records as they are by now. */
  again(createdIds: readonly string[]): Promise<KeptAnswer>;
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
    keysAtMost: identity.kind === 'user' ? KEYS_OF_A_USER : KEYS_OF_OTHERS,
  };
}

function callerOf(identity: Identity): string {
  const actor = actorOf(identity);
  return actor.kind === 'anonymous' ? actor.kind : `${actor.kind}:${actor.id}`;
}

/**
 * Does `work` unless this request has been done within {@link KEY_LIFE_MS}, and answers what was answered then. The key
 * is kept in the transaction of the work itself, so an answer is known exactly if what it tells of is. One of more than
 * {@link KEPT_LENGTH} characters is made again instead of being kept.
 * @param session a transaction.
 * @throws CodedError IDEMPOTENCY_KEY_REUSED when the key came with another request, or what `work` throws.
 */
export async function once(
  session: RecordSession,
  keyed: KeyedRequest,
  clock: Clock,
  work: KeyedWork,
): Promise<KeptAnswer> {
  const { connection } = session;
  const now = Math.floor(clock.now());
  if (!(await takeKey(connection, keyed, now))) {
    const known = await findKey(connection, keyed);
    if (known !== undefined && known.createdAt > now - KEY_LIFE_MS) {
      if (known.digest !== keyed.digest) throw errors.IDEMPOTENCY_KEY_REUSED();
      const { createdIds } = known;
      return createdIds === null ? known : work.again(JSON.parse(createdIds) as readonly string[]);
    }
    await deleteKey(connection, keyed);
    await takeKey(connection, keyed, now);
  }
  const { text, tag, createdIds } = await work.run();
  const isKept = text.length <= KEPT_LENGTH;
  await keepAnswer(connection, keyed, {
    ...(isKept ? { text, tag } : { text: '', tag: null }),
    createdIds: isKept ? null : JSON.stringify(createdIds),
  });
  await deleteKeysBeyond(connection, keyed.caller, keyed.keysAtMost);
  return { text, tag };
}
