import { MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { APP_ID, SECRET, startSimulator } from '../with-simulator.fixture.ts';
import { get, legacy, post, stable, tryToken } from './token-calls.fixture.ts';

describe('a fault', () => {
  it('over HTTP is what it is in the process: it hits as many calls as told, of the path told', async () => {
    await using sim = await startSimulator();
    const faults = `${sim.baseUrl}/_sim/faults`;
    const fault = { kind: 'errcode', errcode: 45009, path: '/cgi-bin/token', times: 2 };
    expect(await post(faults, fault)).toEqual({ faults: [fault] });
    expect((await stable(sim.baseUrl)).errcode).toBeUndefined();
    expect((await legacy(sim.baseUrl)).errcode).toBe(45009);
    expect(await get(`${sim.baseUrl}/_sim/state`)).toMatchObject({ faults: [{ ...fault, times: 1 }] });
    await fetch(faults, { method: 'DELETE' });
    expect((await legacy(sim.baseUrl)).errcode).toBeUndefined();
  });

  it('is a slow answer, a page of a gateway, a broken connection or a dead token', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'latency', ms: 80 });
    sim.simulator.inject({ kind: 'html', status: 503 });
    const startedAt = performance.now();
    const page = await fetch(`${sim.baseUrl}/cgi-bin/token`);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html']);
    expect(await page.text()).toMatch(/^<html>/);

    sim.simulator.inject({ kind: 'drop' });
    await expect(legacy(sim.baseUrl)).rejects.toThrow('fetch failed');
    const tokens = [await stable(sim.baseUrl), await legacy(sim.baseUrl)];
    sim.simulator.inject({ kind: 'kill-token' });
    for (const { access_token: token } of tokens) expect(await tryToken(sim.baseUrl, token)).toBe(40001);
    expect(sim.simulator.calls.slice(0, 2).map((call) => call.outcome)).toEqual(['html', 'drop']);
  });

  it('is JSON that is labelled as plain text: the client reads it all the same', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'text-plain', path: '/cgi-bin/stable_token' });
    const body = JSON.stringify({ grant_type: 'client_credential', appid: APP_ID, secret: SECRET });
    const answer = await fetch(`${sim.baseUrl}/cgi-bin/stable_token`, { method: 'POST', body });
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.json()).toMatchObject({ expires_in: 7200 });
    sim.simulator.inject({ kind: 'text-plain', times: 9 });
    expect(await sim.createClient().platform.callbackAddresses()).toContain('127.0.0.1');
  });

  it('is a session key that was replaced behind the server', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const session = await client.code2Session('demo-1');
    expect(await client.checkSessionKey(session)).toBe(true);
    sim.simulator.inject({ kind: 'rotate-session-keys' });
    expect(await client.checkSessionKey(session)).toBe(false);
  });

  it('is a clock that is wrong, until the faults are cleared: the client notices', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'clock-skew', ms: 6 * MINUTE });
    const client = sim.createClient();
    for (let calls = 0; calls < 3; calls += 1) await client.platform.callbackAddresses();
    expect(sim.skews).toMatchObject([{ level: 'serious' }]);
    expect(sim.simulator.state().clock).toEqual({ aheadMs: 0, skewMs: 6 * MINUTE });
    sim.simulator.clearFaults();
    expect(sim.simulator.state().clock.skewMs).toBe(0);
  });

  it.each([
    [null],
    [{}],
    [{ kind: 'push' }],
    [{ kind: 'push', how: 'delayed' }],
    [{ kind: 'push', how: 'eaten' }],
    [{ kind: 'push', how: 'lost', path: '/x' }],
    [{ kind: 'clock-skew', ms: 86_400_001 }],
    [{ kind: 'toString' }],
    [{ kind: 'latency' }],
    [{ kind: 'latency', ms: 60_001 }],
    [{ kind: 'errcode', errcode: 0 }],
    [{ kind: 'drop', times: 0 }],
    [{ kind: 'drop', path: 'wxa' }],
    ['{"kind":"drop","__proto__":1}'],
    [{ kind: 'html', status: 99 }],
  ])('that is none is refused: %j', async (fault) => {
    await using sim = await startSimulator();
    const answer = await post(`${sim.baseUrl}/_sim/faults`, fault);
    expect(answer).toMatchObject({ error: { code: 'SIM_REQUEST_INVALID' } });
    expect(sim.simulator.state().faults).toEqual([]);
  });
});
