import { HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { failureOf, startSimulator, until } from '../with-simulator.fixture.ts';

const STABLE = '/cgi-bin/stable_token';
const LEGACY = '/cgi-bin/token';
const CHECK = '/wxa/checksession';

/** A client that is logged in, so that `check` is a call that needs a token and must succeed. */
async function startClient(sim: Awaited<ReturnType<typeof startSimulator>>, overrides = {}) {
  const client = sim.createClient(overrides);
  const owner = await client.code2Session('demo-1');
  return { client, check: () => client.checkSessionKey(owner) };
}

describe('the access token', () => {
  it('is fetched once for all who ask at the same time, and kept', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => client.accessToken()));
    expect(new Set(tokens).size).toBe(1);
    sim.clock.advance(HOUR);
    expect(await client.accessToken()).toBe(tokens[0]);
    expect(sim.callsOf(STABLE)).toBe(1);
  });

  it('is renewed in the last 5 minutes, after a jitter, while callers go on with the old one', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient({ random: () => 0.5 });
    const old = await client.accessToken();
    sim.clock.advance(2 * HOUR - 5 * MINUTE + 30 * SECOND - 1);
    await client.accessToken();
    expect(sim.callsOf(STABLE)).toBe(1);

    sim.clock.advance(1);
    sim.simulator.inject({ kind: 'latency', ms: 50, path: STABLE });
    expect(await client.accessToken()).toBe(old);
    await until(() => sim.reports.length === 2);
    const fresh = await client.accessToken();
    expect(fresh).not.toBe(old);
    expect(sim.callsOf(STABLE)).toBe(2);
  });

  it('ages on the monotonic clock: a wall clock that jumps changes nothing', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const token = await client.accessToken();
    for (const epoch of [0, Date.UTC(2099, 0, 1)]) {
      sim.clock.setWallClock(epoch);
      expect(await client.accessToken()).toBe(token);
    }
    expect(sim.callsOf(STABLE)).toBe(1);
  });

  it('is kept to its real end while the token endpoint fails, which is asked ever more rarely', async () => {
    await using sim = await startSimulator();
    const { client, check } = await startClient(sim);
    const old = await client.accessToken();
    sim.simulator.inject({ kind: 'errcode', errcode: 40164, path: STABLE, times: 1_000 });
    sim.clock.advance(2 * HOUR - 4 * MINUTE);
    for (let second = 0; second < 239; second += 1) {
      expect(await check()).toBe(true);
      sim.clock.advance(SECOND);
    }
    // At 0, 1, 3, 7, 15, 31, 63, 123 and 183 s, and once more in the last 10 s, when it is worth waiting for.
    expect(sim.callsOf(STABLE)).toBeLessThanOrEqual(11);
    sim.clock.advance(SECOND);
    expect(await failureOf(client.accessToken())).toMatchObject({ errcode: 40164, seenIp: '127.0.0.1' });

    sim.simulator.clearFaults();
    sim.clock.advance(MINUTE);
    expect(await client.accessToken()).not.toBe(old);
  });

  it('is fetched no more than once a second when there is none to be had', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient({ secret: 'not-the-secret' });
    for (let call = 0; call < 20; call += 1) {
      expect(await failureOf(client.accessToken())).toMatchObject({
        code: 'WECHAT_MISCONFIGURED',
        errcode: 40125,
      });
    }
    expect(sim.callsOf(STABLE)).toBe(1);
    expect(sim.alerts).toHaveLength(1);
  });
});

describe('a token that WeChat refuses', () => {
  it('is replaced once for all calls that met the refusal, and none of them is lost', async () => {
    await using sim = await startSimulator();
    const { check } = await startClient(sim);
    await check();
    sim.simulator.inject({ kind: 'kill-token' });
    expect(await Promise.all(Array.from({ length: 20 }, check))).toEqual(Array(20).fill(true));
    expect(sim.callsOf(STABLE)).toBe(2);
    expect(sim.alerts).toEqual([]);
  });

  it.each([40001, 40014, 42001])(
    'with %i is compared first: whoever is late uses the one that is there',
    async (errcode) => {
      await using sim = await startSimulator();
      const { check } = await startClient(sim);
      await check();
      // The first answer is slow, so the second call has replaced the token before the first hears of its refusal.
      sim.simulator.inject({ kind: 'kill-token' });
      sim.simulator.inject({ kind: 'latency', ms: 300, path: CHECK });
      const late = check();
      await until(() => sim.callsOf(CHECK) === 2);
      await check();
      await late;
      expect(sim.callsOf(STABLE)).toBe(2);

      sim.simulator.inject({ kind: 'errcode', errcode, path: CHECK });
      expect(await check()).toBe(true);
    },
  );

  it('is replaced again when the one that lay ready is dead as well', async () => {
    await using sim = await startSimulator();
    const { check } = await startClient(sim);
    await check();
    sim.simulator.inject({ kind: 'kill-token' });
    sim.simulator.inject({ kind: 'latency', ms: 300, path: CHECK });
    const late = check();
    await until(() => sim.callsOf(CHECK) === 2);
    await check();
    sim.simulator.inject({ kind: 'kill-token' });
    expect(await late).toBe(true);
    expect(sim.callsOf(STABLE)).toBe(3);
  });

  it('is replaced again when its replacement dies between its fetch and its first use', async () => {
    await using sim = await startSimulator();
    const { check } = await startClient(sim, {
      fetch: async (url: string, init: RequestInit) => {
        const answer = await fetch(url, init);
        if (url.endsWith(STABLE) && sim.callsOf(STABLE) === 2) sim.simulator.inject({ kind: 'kill-token' });
        return answer;
      },
    });
    await check();
    sim.simulator.inject({ kind: 'kill-token' });
    expect(await check()).toBe(true);
    expect(sim.callsOf(STABLE)).toBe(3);
    expect(sim.alerts).toEqual([]);
  });

  it('while its replacement is awaited makes nobody else fetch', async () => {
    await using sim = await startSimulator();
    let settle = () => {};
    const settling = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const { check } = await startClient(sim, { sleep: () => settling });
    sim.simulator.inject({ kind: 'errcode', errcode: 40001, path: CHECK, times: 6 });
    const first = check();
    await until(() => sim.callsOf(STABLE) === 2);
    const others = Array.from({ length: 5 }, check);
    await until(() => sim.reports.filter((report) => report.errcode === 40001).length === 6);
    expect(sim.callsOf(STABLE)).toBe(2);
    settle();
    expect(await Promise.all([first, ...others])).toEqual(Array(6).fill(true));
    expect(sim.callsOf(STABLE)).toBe(3);
  });

  it('yet is handed out again is fetched once more after 1 to 2 s, tried again, and works if WeChat has settled', async () => {
    await using sim = await startSimulator();
    const { check } = await startClient(sim);
    sim.simulator.inject({ kind: 'errcode', errcode: 40001, path: CHECK });
    expect(await check()).toBe(true);
    expect(sim.slept).toEqual([1_500]);
    expect(sim.callsOf(STABLE)).toBe(3);
    expect(sim.alerts).toEqual([]);
  });

  it('for good is an alert, and neither forced nor fetched over and over', async () => {
    await using sim = await startSimulator();
    const forced: boolean[] = [];
    const { check } = await startClient(sim, {
      fetch: (url: string, init: RequestInit) => {
        if (url.endsWith(STABLE)) forced.push(JSON.parse(String(init.body)).force_refresh);
        return fetch(url, init);
      },
    });
    sim.simulator.inject({ kind: 'errcode', errcode: 40001, path: CHECK, times: 1_000 });
    for (let call = 0; call < 10; call += 1) {
      expect(await failureOf(check())).toMatchObject({ code: 'WECHAT_TOKEN_REFUSED', status: 502 });
    }
    expect(forced).toEqual([false, false, false]);
    expect(sim.callsOf(CHECK)).toBe(20);
    expect(sim.alerts).toHaveLength(10);
    expect(sim.alerts[0]?.adviceIn('en')).toContain('another deployment');
  });

  it('cannot be replaced while the token endpoint fails: the caller learns that', async () => {
    await using sim = await startSimulator();
    const { check } = await startClient(sim);
    await check();
    sim.simulator.inject({ kind: 'kill-token' });
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path: STABLE, times: 3 });
    expect(await failureOf(check())).toMatchObject({ code: 'WECHAT_BUSY', path: STABLE });
    sim.clock.advance(SECOND);
    expect(await check()).toBe(true);
  });
});

describe('the legacy token', () => {
  it('comes from its own endpoint and lives beside the stable one', async () => {
    await using sim = await startSimulator();
    const legacy = await startClient(sim, { tokenMode: 'legacy' });
    const stable = await startClient(sim);
    expect(await legacy.client.accessToken()).not.toBe(await stable.client.accessToken());
    expect([sim.callsOf(LEGACY), sim.callsOf(STABLE)]).toEqual([1, 1]);
    sim.clock.advance(2 * HOUR - 4 * MINUTE);
    await legacy.client.accessToken();
    await until(() => sim.callsOf(LEGACY) === 2);
    expect(await stable.check()).toBe(true);
  });
});
