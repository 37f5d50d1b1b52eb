import { DAY, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

const LONGEST: Milliseconds = 30 * DAY;
const SHORTEST: Milliseconds = 1 * MINUTE;
// Clocks of servers are not exact, and 30 days are counted from their now.
const TOLERANCE: Milliseconds = 1 * MINUTE;
const MAX_QUERY_CHARACTERS = 1_024;
const RELEASES: ReadonlySet<unknown> = new Set(['release', 'trial', 'develop']);

type Fields = Readonly<Record<string, unknown>>;

/** @throws Refusal 40165, 40212 or 85402 for what a link cannot open. */
export function assertLinkPage(
  { path = '', query = '', env_version: release = 'release' }: Fields,
  { pages }: World,
): void {
  if (typeof path !== 'string' || /[?#]/.test(path)) throw new Refusal(40165);
  if (path !== '' && !pages.has(path.replace(/^\//, ''))) throw new Refusal(40165);
  if (typeof query !== 'string' || query.length > MAX_QUERY_CHARACTERS || /[?#\s]/.test(query))
    throw new Refusal(40212);
  if (!RELEASES.has(release)) throw new Refusal(85402);
}

/** @throws Refusal 85401 for what ends sooner than in a minute or later than in 30 days. */
export function assertLinkExpiry(body: Fields, nowEpochMs: number): void {
  const { expire_type: type = 0, expire_time: time, expire_interval: days } = body;
  if (type === 1) {
    if (!Number.isSafeInteger(days) || Number(days) < 1 || Number(days) > LONGEST / DAY)
      throw new Refusal(85401);
    return;
  }
  if (type !== 0) throw new Refusal(40097);
  // Without a time a link gets the longest.
  if (time === undefined) return;
  const leftMs = Number(time) * SECOND - nowEpochMs;
  if (!Number.isSafeInteger(time) || leftMs < SHORTEST - TOLERANCE || leftMs > LONGEST + TOLERANCE) {
    throw new Refusal(85401);
  }
}
