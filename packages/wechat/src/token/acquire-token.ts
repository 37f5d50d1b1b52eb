import type { Clock, Milliseconds } from '@maque/kit';
import type { FreshToken } from './fetch-token.ts';
import { claimLeftOf, leftOf, SAFETY_MARGIN } from './held-token.ts';
import type { StoredToken, TokenStore } from './token-store.ts';

// Others look this often whether the one who fetches is done: a fetch takes some 100 ms.
const LOOK_EVERY: Milliseconds = 100;

export interface AcquireOptions {
  readonly store: TokenStore;
  readonly fetchToken: () => Promise<FreshToken>;
  /** Account, server and kind of token; see `StoredToken`. */
  readonly issuedFor: string;
  /** Longer than one fetch can take; a claim older than this belongs to a process that died. */
  readonly claimMs: Milliseconds;
  readonly clock: Clock;
  readonly sleep: (ms: Milliseconds) => Promise<void>;
  /** The store failed; tokens are fetched without it meanwhile. */
  readonly onStoreFault: (error: unknown) => void;
}

export interface AcquiredToken extends FreshToken {
  readonly generation: number;
}

/**
 * Gets a token of a later generation than `since`: one that somebody has fetched already, or else a fresh one, which
 * of all who share the store only one fetches. Without a working store everybody fetches alone, which stable tokens allow.
 */
export async function acquireToken(since: number, options: AcquireOptions): Promise<AcquiredToken> {
  const turn = await takeTurn(since, options).catch((error: unknown): Turn => {
    options.onStoreFault(error);
    return {};
  });
  return turn.newer ?? (await fetchAndPublish(since, turn.claim, options));
}

/** What came of waiting for one's turn: a newer token, or the claim that makes us the one who fetches, or neither. */
interface Turn {
  readonly newer?: AcquiredToken;
  readonly claim?: StoredToken;
}

async function takeTurn(since: number, options: AcquireOptions): Promise<Turn> {
  const { store, clock, claimMs } = options;
  let seen = { version: -1, atMs: 0 };
  for (;;) {
    const record = await store.read();
    const newer = record === null ? undefined : newerIn(record, since, options);
    if (newer !== undefined) return { newer };
    // Ages the claim on our own monotonic clock too: the wall clock of the box that wrote it may be far ahead.
    const version = record?.version ?? 0;
    if (version !== seen.version) seen = { version, atMs: clock.monotonic() };
    const waited = clock.monotonic() - seen.atMs;
    if (record !== null && waited < claimMs && claimLeftOf(record, clock, claimMs) > 0) {
      await options.sleep(LOOK_EVERY);
      continue;
    }
    const claim = claimAfter(record, options);
    if (await store.write(claim, version)) return { claim };
  }
}

function newerIn(record: StoredToken, since: number, options: AcquireOptions): AcquiredToken | undefined {
  const leftMs = leftOf(record, options.clock);
  const usable =
    record.token !== '' &&
    record.issuedFor === options.issuedFor &&
    record.generation > since &&
    leftMs > SAFETY_MARGIN;
  return usable ? { token: record.token, generation: record.generation, leftMs } : undefined;
}

function claimAfter(record: StoredToken | null, options: AcquireOptions): StoredToken {
  const ours = record?.issuedFor === options.issuedFor ? record : null;
  return {
    version: (record?.version ?? 0) + 1,
    generation: record?.generation ?? 0,
    issuedFor: options.issuedFor,
    token: ours?.token ?? '',
    expiresAtMs: ours?.expiresAtMs ?? 0,
    claimedUntilMs: options.clock.now() + options.claimMs,
  };
}

async function fetchAndPublish(
  since: number,
  claim: StoredToken | undefined,
  options: AcquireOptions,
): Promise<AcquiredToken> {
  let fresh: FreshToken;
  try {
    fresh = await options.fetchToken();
  } catch (error) {
    if (claim !== undefined) await publish({ ...claim, claimedUntilMs: 0 }, claim, options);
    throw error;
  }
  const generation = Math.max(claim?.generation ?? 0, since) + 1;
  if (claim !== undefined) {
    const expiresAtMs = options.clock.now() + fresh.leftMs;
    await publish(
      { ...claim, token: fresh.token, generation, expiresAtMs, claimedUntilMs: 0 },
      claim,
      options,
    );
  }
  return { ...fresh, generation };
}

/** Replaces our claim, unless it was taken over meanwhile; the token is good either way. */
async function publish(record: StoredToken, claim: StoredToken, options: AcquireOptions): Promise<void> {
  try {
    await options.store.write({ ...record, version: claim.version + 1 }, claim.version);
  } catch (error) {
    options.onStoreFault(error);
  }
}
