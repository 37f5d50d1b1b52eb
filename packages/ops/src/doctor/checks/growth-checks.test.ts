import { DAY } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { kindsOf, look, samples } from '../../../testing/memory-recordings.ts';
import { memoryGrowth } from './memory-growth.ts';

describe('growth', () => {
  it('is unknown without samples, and with samples of one hour', async () => {
    expect(kindsOf(await look(memoryGrowth, {}))).toEqual(['unknown']);
    expect(
      kindsOf(
        await look(
          memoryGrowth,
          {},
          samples(1, () => 100),
        ),
      ),
    ).toEqual(['unknown']);
  });

  it('is unknown when the last sample is old', async () => {
    const old = samples(24, () => 100).map((one) => ({ ...one, atMs: one.atMs - DAY }));
    expect(kindsOf(await look(memoryGrowth, {}, old))).toEqual(['unknown']);
  });

  it('passes over a service that moves up and down', async () => {
    const wave = samples(24, (hour) => 200 + 60 * Math.sin(hour));
    expect(kindsOf(await look(memoryGrowth, {}, wave))).toEqual(['ok']);
  });

  it('tells the rate of a leak and when memory ends, whatever single peaks there are', async () => {
    const leak = samples(24, (hour) => 200 + 10 * hour + (hour % 7 === 0 ? 300 : 0));
    const [outcome] = await look(memoryGrowth, {}, leak);
    expect(outcome).toMatchObject({ kind: 'finding', data: { rate: '10 MiB', left: '2.1 d' } });
  });

  it('counts from the last restart on', async () => {
    const restarted = samples(24, (hour) => (hour < 20 ? 200 + 10 * hour : 100));
    expect(kindsOf(await look(memoryGrowth, {}, restarted))).toEqual(['ok']);
  });
});
