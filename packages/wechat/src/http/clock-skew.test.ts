import { createManualClock, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { failureOf, startSimulator } from '../with-simulator.fixture.ts';
import { ClockSkewWatch } from './clock-skew.ts';

const NOON = Date.UTC(2026, 10, 20, 12);

/** What a watch says to answers of a WeChat whose clock is right, by a server that is `skews` ms ahead. */
function observe(watch: ClockSkewWatch, skews: readonly number[], waitedMs = 100) {
  return skews.map((skewMs) => {
    const header = new Date(NOON).toUTCString();
    return watch.observe(header, { receivedAtMs: NOON + skewMs, waitedMs })?.level;
  });
}

describe('a clock', () => {
  it('that is right, or off by less than a minute, is not told of', () => {
    expect(observe(new ClockSkewWatch(), [0, 900, -900, 59 * SECOND, -59 * SECOND, 60 * SECOND])).toEqual(
      Array(6).fill(undefined),
    );
  });

  it('that is off is told of once, when three answers in a row say so, and of how far', () => {
    const watch = new ClockSkewWatch();
    const minutes = 2 * MINUTE;
    expect(observe(watch, [minutes, minutes])).toEqual([undefined, undefined]);
    const date = new Date(NOON).toUTCString();
    expect(watch.observe(date, { receivedAtMs: NOON - minutes, waitedMs: 0 })).toEqual({
      level: 'noticeable',
      skewMs: -minutes,
    });
    expect(observe(watch, Array(9).fill(minutes))).toEqual(Array(9).fill(undefined));
    expect(observe(watch, [6 * MINUTE, 6 * MINUTE, 6 * MINUTE])).toEqual([undefined, undefined, 'serious']);
    expect(observe(watch, [0, 0, 0])).toEqual([undefined, undefined, 'none']);
  });

  it('of one server of WeChat that is wrong makes no alarm', () => {
    const hour = 60 * MINUTE;
    expect(observe(new ClockSkewWatch(), [hour, hour, 0, hour, hour, 0])).toEqual(Array(6).fill(undefined));
  });

  it('around a threshold is told of once: a level is left at four fifths of it', () => {
    const watch = new ClockSkewWatch();
    observe(watch, [70 * SECOND, 70 * SECOND, 70 * SECOND]);
    const around = [55, 65, 50, 62, 58, 61, 55, 52].map((seconds) => seconds * SECOND);
    expect(observe(watch, around)).toEqual(Array(8).fill(undefined));
    expect(observe(watch, Array(3).fill(45 * SECOND))).toEqual([undefined, undefined, 'none']);
  });

  it('is not suspected for slow answers, whose Date may be of any moment in between', () => {
    const watch = new ClockSkewWatch();
    expect(observe(watch, Array(5).fill(66 * SECOND), 9 * SECOND)).toEqual(Array(5).fill(undefined));
    expect(observe(watch, Array(5).fill(10 * MINUTE), 11 * SECOND)).toEqual(Array(5).fill(undefined));
  });

  it('is not judged by what is no date', () => {
    const watch = new ClockSkewWatch();
    for (const header of [null, '', 'today', null, '', 'today']) {
      expect(watch.observe(header, { receivedAtMs: NOON, waitedMs: 0 })).toBeUndefined();
    }
  });
});

describe('a client', () => {
  it('tells of a clock that is 3 minutes off, and alerts of one that is 10 off, with advice', async () => {
    await using sim = await startSimulator();
    const wrong = createManualClock(sim.clock.now() + 3 * MINUTE);
    const client = sim.createClient({ clock: wrong });
    for (let turn = 0; turn < 5; turn += 1) await failureOf(client.code2Session('no-such-code'));
    expect(sim.skews).toMatchObject([{ level: 'noticeable' }]);
    expect(sim.skews[0]?.skewMs).toBeGreaterThan(178 * SECOND);
    expect(sim.alerts).toEqual([]);

    wrong.setWallClock(sim.clock.now() - 10 * MINUTE);
    for (let turn = 0; turn < 5; turn += 1) await failureOf(client.code2Session('no-such-code'));
    expect(sim.alerts).toMatchObject([{ code: 'WECHAT_CLOCK_SKEWED' }]);
    expect(sim.alerts[0]?.adviceIn('en')).toMatch(/differs from WeChat's by -600 s/);
    expect(sim.alerts[0]?.adviceIn('zh-CN')).toContain('timedatectl');

    wrong.setWallClock(sim.clock.now());
    for (let turn = 0; turn < 3; turn += 1) await failureOf(client.code2Session('no-such-code'));
    expect(sim.skews.map(({ level }) => level)).toEqual(['noticeable', 'serious', 'none']);
  });
});
