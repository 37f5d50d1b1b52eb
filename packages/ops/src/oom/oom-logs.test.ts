import { describe, expect, it } from 'vitest';
import { READINGS } from '../../testing/oom-readings.ts';
import { logNames, reportOf, textOfLog } from '../../testing/recorded-oom.ts';

it('every log of the folder has its reading', () => {
  expect(logNames()).toEqual(Object.keys(READINGS).sort());
});

describe('is read as it says:', () => {
  it.each(Object.entries(READINGS))('%s', (name, expected) => {
    const { kills } = reportOf(textOfLog(name));
    expect(kills).toMatchObject(expected);
    expect(kills).toHaveLength(expected.length);
  });
});

it('who was left without a victim is told, and no more than that', () => {
  const { unfinished, timeline } = reportOf(textOfLog('45-nobody-left-to-kill'));
  expect(unfinished).toMatchObject([{ invokedBy: 'init' }]);
  expect(timeline.map(({ what }) => what)).toEqual(['no-victim', 'panicked']);
  const others = logNames().filter((name) => !name.startsWith('45-'));
  for (const name of others) expect(reportOf(textOfLog(name)).unfinished, name).toEqual([]);
});
