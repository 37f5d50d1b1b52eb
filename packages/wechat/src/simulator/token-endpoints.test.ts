import { HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../with-simulator.fixture.ts';
import { legacy, stable, tryToken } from './token-calls.fixture.ts';

describe('the stable token', () => {
  it('is the same for everybody until 5 minutes before its end, with what is left', async () => {
    await using sim = await startSimulator();
    const first = await stable(sim.baseUrl);
    expect(first).toEqual({ access_token: expect.stringMatching(/^[\w-]{130,512}$/), expires_in: 7200 });
    sim.clock.advance(2 * HOUR - 5 * MINUTE);
    expect(await stable(sim.baseUrl)).toEqual({ ...first, expires_in: 300 });
    sim.clock.advance(1);
    const second = await stable(sim.baseUrl);
    expect(second).toMatchObject({ expires_in: 7200 });
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(40097);
    expect(await tryToken(sim.baseUrl, second.access_token)).toBe(40097);
    sim.clock.advance(5 * MINUTE);
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(42001);
  });

  it('dies at once when another is forced, at most every 30 s and 20 times a day', async () => {
    await using sim = await startSimulator();
    const force = () => stable(sim.baseUrl, { force_refresh: true });
    const first = await stable(sim.baseUrl);
    const forced = await force();
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(40001);
    sim.clock.advance(30 * SECOND - 1);
    expect((await force()).access_token).toBe(forced.access_token);
    sim.clock.advance(1);
    for (let more = 0; more < 19; more += 1) {
      expect((await force()).access_token).not.toBe(forced.access_token);
      sim.clock.advance(30 * SECOND);
    }
    expect((await force()).errcode).toBe(45009);
  });

  it('knows nothing of the legacy one, whose every fetch leaves the one before 5 minutes', async () => {
    await using sim = await startSimulator();
    const stableToken = await stable(sim.baseUrl);
    const first = await legacy(sim.baseUrl);
    const second = await legacy(sim.baseUrl);
    expect(new Set([stableToken, first, second].map((answer) => answer.access_token)).size).toBe(3);
    sim.clock.advance(5 * MINUTE - 1);
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(40097);
    sim.clock.advance(1);
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(42001);
    expect(await tryToken(sim.baseUrl, second.access_token)).toBe(40097);
    expect(await tryToken(sim.baseUrl, stableToken.access_token)).toBe(40097);
  });
});
