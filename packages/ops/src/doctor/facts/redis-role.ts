import type { RedisAnswer } from './redis-answer.ts';

/** What the data are for, as far as it can be told from outside. */
export interface RedisRole {
  /** Jobs: what is removed is never done. */
  readonly hasQueue: boolean;
  /** Who is removed has to log in again. */
  readonly hasSessions: boolean;
  /** Nearly all keys end by themselves, and nothing else is known to be in it. */
  readonly isCache: boolean;
}

/** What workers of Bull, BullMQ, Celery, Sidekiq and readers of streams wait with. */
const WAITING = ['bzpopmin', 'brpoplpush', 'blmove', 'brpop', 'blpop', 'xreadgroup'];
const QUEUE_KEYS = /^(\{?bull\}?:|\{?celery|queue:|queues:|rq:|resque:|laravel.*queues)/i;
const SESSION_KEYS =
  /^(sess:|session:|sessions:|spring:session:|egg:sess|koa:sess|connect:|laravel.*session)/i;
const CACHE_SHARE = 0.9;
/** Fewer keys say nothing. */
const ENOUGH_KEYS = 100;

/** By what clients do, by a page of key names, and by how many keys end by themselves. */
export function redisRoleOf({ info, keys }: RedisAnswer): RedisRole {
  const waits = WAITING.some((name) => /calls=[1-9]/.test(info.get(`cmdstat_${name}`) ?? ''));
  const hasQueue = waits || keys.some((key) => QUEUE_KEYS.test(key));
  const hasSessions = keys.some((key) => SESSION_KEYS.test(key));
  const databases = [...info].filter(([name]) => /^db\d+$/.test(name)).map(([, value]) => value);
  const sum = (pattern: RegExp) =>
    databases.reduce((total, value) => total + Number(pattern.exec(value)?.[1] ?? 0), 0);
  const all = sum(/keys=(\d+)/);
  const ending = sum(/expires=(\d+)/);
  const isCache = !hasQueue && !hasSessions && all >= ENOUGH_KEYS && ending >= CACHE_SHARE * all;
  return { hasQueue, hasSessions, isCache };
}
