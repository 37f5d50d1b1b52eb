import { setImmediate as tick, setTimeout as wait } from 'node:timers/promises';
import { HOUR, MINUTE, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WechatClient } from '../client.ts';
import type { SessionKeyOwner } from '../login/session-key.ts';
import { failureOf, startSimulator, until } from '../with-simulator.fixture.ts';
import { createMemoryTokenStore, type StoredToken, type TokenStore } from './token-store.ts';

const STABLE = '/cgi-bin/stable_token';
const MANAGERS = 8;
// Two for reading, two for writing, and as many again for each that gets in the way.
const TURNS_TO_A_CLAIM = 4 * (MANAGERS + 1);

/** A store that takes its time, as a database does, so that its users get in each other's way. */
function createSharedStore(): TokenStore & { readonly written: StoredToken[] } {
  const inner = createMemoryTokenStore();
  const written: StoredToken[] = [];
  return {
    written,
    async read() {
      await tick();
      const record = await inner.read();
      await tick();
      return record;
    },
    async write(record, expectedVersion) {
      await tick();
      const done = await inner.write(record, expectedVersion);
      if (done) written.push(record);
      await tick();
      return done;
    },
  };
}

/** Eight managers as in eight processes: they have nothing in common but the store. */
async function startManagers() {
  const sim = await startSimulator();
  const store = createSharedStore();
  const managers = Array.from({ length: MANAGERS }, () =>
    sim.createClient({
      tokenStore: store,
      random: Math.random,
      sleep: async (ms) => void (await wait(ms / 100)),
    }),
  );
  const [first] = managers as [WechatClient];
  const owner = await first.code2Session('demo-1');
  return {
    ...sim,
    store,
    managers,
    owner,
    /** Nobody is fetching: time may jump without a claim running out under a fetch, which in truth ends before that. */
    async settled() {
      for (let written = -1; written !== store.written.length; ) {
        written = store.written.length;
        // Who renews in the background may still be reading the store: its claim is some turns away.
        for (let turn = 0; turn < TURNS_TO_A_CLAIM; turn += 1) await tick();
        await until(() => (store.written.at(-1)?.claimedUntilMs ?? 0) === 0);
      }
    },
    tokens: () => new Set(store.written.map((record) => record.token).filter((token) => token !== '')).size,
  };
}

const everybodyCalls = (managers: readonly WechatClient[], owner: SessionKeyOwner) =>
  Promise.all(
    managers.flatMap((manager) => [manager.checkSessionKey(owner), manager.checkSessionKey(owner)]),
  );

describe('eight managers that share a store', () => {
  it('fetch one token at the start, and one at each expiry', async () => {
    await using sim = await startManagers();
    for (let expiry = 0; expiry < 5; expiry += 1) {
      expect(await everybodyCalls(sim.managers, sim.owner)).not.toContain(false);
      expect(sim.callsOf(STABLE)).toBe(expiry + 1);
      sim.clock.advance(2 * HOUR);
    }
  });

  it('fetch one when it is due, in the background, and all of them go over to it', async () => {
    await using sim = await startManagers();
    await everybodyCalls(sim.managers, sim.owner);
    sim.clock.advance(2 * HOUR - 4 * MINUTE + 1);
    await everybodyCalls(sim.managers, sim.owner);
    await until(() => sim.tokens() === 2);
    sim.clock.advance(4 * MINUTE);
    expect(await everybodyCalls(sim.managers, sim.owner)).not.toContain(false);
    const tokens = await Promise.all(sim.managers.map((manager) => manager.accessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(sim.callsOf(STABLE)).toBe(2);
  });

  it('lose no call when the token that another has fetched is dead as well', async () => {
    await using sim = await startManagers();
    await everybodyCalls(sim.managers, sim.owner);
    for (const manager of sim.managers) {
      sim.simulator.inject({ kind: 'kill-token' });
      expect(await manager.checkSessionKey(sim.owner)).toBe(true);
    }
    expect(sim.callsOf(STABLE)).toBe(1 + MANAGERS);
  });

  it('fetch one when it was killed, and lose no call', async () => {
    await using sim = await startManagers();
    await everybodyCalls(sim.managers, sim.owner);
    sim.simulator.inject({ kind: 'kill-token' });
    expect(await everybodyCalls(sim.managers, sim.owner)).not.toContain(false);
    expect(sim.callsOf(STABLE)).toBe(2);
  });

  it('whatever happens in whatever order: no fetch in vain, no call lost', async () => {
    const event = fc.oneof(
      fc.record({ what: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 3 * HOUR }) }),
      fc.record({ what: fc.constant('kill' as const) }),
      fc.record({ what: fc.constant('one calls' as const), who: fc.integer({ min: 0, max: MANAGERS - 1 }) }),
      fc.record({ what: fc.constant('all call' as const) }),
      fc.record({
        what: fc.constant('a fetch is disturbed' as const),
        kind: fc.constantFrom('drop', 'html'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events) => {
        await using sim = await startManagers();
        for (const step of events) {
          if (step.what === 'advance') {
            await sim.settled();
            sim.clock.advance(step.ms);
          } else if (step.what === 'kill') sim.simulator.inject({ kind: 'kill-token' });
          else if (step.what === 'a fetch is disturbed') {
            sim.simulator.clearFaults();
            sim.simulator.inject({ kind: step.kind, path: STABLE });
          } else {
            const callers =
              step.what === 'all call' ? sim.managers : sim.managers.slice(step.who, step.who + 1);
            expect(await everybodyCalls(callers, sim.owner)).not.toContain(false);
          }
        }
        await everybodyCalls(sim.managers, sim.owner);
        await sim.settled();
        const disturbed = sim.simulator.calls.filter(
          ({ outcome }) => outcome === 'drop' || outcome === 'html',
        ).length;
        expect(sim.callsOf(STABLE) - disturbed).toBe(sim.tokens());
      }),
      { numRuns: 60 },
    );
  });
});

describe('a shared token', () => {
  it('survives a restart without a call', async () => {
    await using sim = await startSimulator();
    const tokenStore = createMemoryTokenStore();
    const token = await sim.createClient({ tokenStore }).accessToken();
    sim.clock.advance(HOUR);
    expect(await sim.createClient({ tokenStore }).accessToken()).toBe(token);
    expect(sim.callsOf(STABLE)).toBe(1);
  });

  it('of another account or another kind is not taken', async () => {
    await using sim = await startSimulator();
    const tokenStore = createMemoryTokenStore();
    const stable = await sim.createClient({ tokenStore }).accessToken();
    expect(await sim.createClient({ tokenStore, tokenMode: 'legacy' }).accessToken()).not.toBe(stable);
  });

  it('whose fetcher died is fetched by another once the claim has run out, by whatever clock', async () => {
    await using sim = await startSimulator();
    for (const aheadMs of [0, 24 * HOUR]) {
      const tokenStore = createMemoryTokenStore();
      const claimedUntilMs = sim.clock.now() + aheadMs + 17 * SECOND;
      const dead = { generation: 3, issuedFor: 'x', token: '', expiresAtMs: 0, claimedUntilMs };
      await tokenStore.write({ version: 1, ...dead }, 0);
      const startedAt = sim.clock.monotonic();
      await sim.createClient({ tokenStore }).accessToken();
      expect(sim.clock.monotonic() - startedAt).toBe(17 * SECOND);
      expect(await tokenStore.read()).toMatchObject({ generation: 4, claimedUntilMs: 0 });
    }
  });

  it('that a wrong clock calls eternal is believed for 2 hours, and not once it is refused', async () => {
    await using sim = await startSimulator();
    const owner = await sim.createClient().code2Session('demo-1');
    const eternal = async () => {
      const tokenStore = createMemoryTokenStore();
      await sim.createClient({ tokenStore }).accessToken();
      const record = await tokenStore.read();
      if (record === null) throw new Error('nothing was stored');
      const wrong = { token: 'x'.repeat(64), expiresAtMs: Number.MAX_SAFE_INTEGER };
      await tokenStore.write({ ...record, ...wrong, version: record.version + 1 }, record.version);
      return sim.createClient({ tokenStore });
    };
    const [refused, ended] = [await eternal(), await eternal()];
    expect(await refused.accessToken()).toBe('x'.repeat(64));
    expect(await refused.checkSessionKey(owner)).toBe(true);

    expect(await ended.accessToken()).toBe('x'.repeat(64));
    sim.clock.advance(2 * HOUR);
    expect(await ended.accessToken()).not.toBe('x'.repeat(64));
  });

  it('that would end before a call does is not taken', async () => {
    await using sim = await startSimulator();
    const tokenStore = createMemoryTokenStore();
    const token = await sim.createClient({ tokenStore }).accessToken();
    sim.clock.advance(2 * HOUR - 11 * SECOND);
    expect(await sim.createClient({ tokenStore }).accessToken()).toBe(token);
    sim.clock.advance(SECOND);
    expect(await sim.createClient({ tokenStore }).accessToken()).not.toBe(token);
  });

  it('is fetched without the store when the store fails, and an operator is told', async () => {
    await using sim = await startSimulator();
    const failing = async () => {
      throw new Error('SELECT token FROM t: connection lost');
    };
    const client = sim.createClient({ tokenStore: { read: failing, write: failing } });
    expect(await client.accessToken()).toMatch(/^[\w-]{20,}$/);
    expect(sim.alerts).toMatchObject([{ code: 'WECHAT_TOKEN_STORE_FAILED', data: { reason: 'Error' } }]);
  });

  it('is given up by one whose fetch failed, so that the next may try at once', async () => {
    await using sim = await startSimulator();
    const tokenStore = createMemoryTokenStore();
    sim.simulator.inject({ kind: 'errcode', errcode: 40164, path: STABLE });
    expect((await failureOf(sim.createClient({ tokenStore }).accessToken())).errcode).toBe(40164);
    await sim.createClient({ tokenStore }).accessToken();
    expect(sim.slept).toEqual([]);
  });
});
