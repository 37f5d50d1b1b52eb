import { describe, expect, it } from 'vitest';
import { OutsidePressure } from './outside-pressure.ts';
import type { Pressure, PressureLevel } from './pressure.ts';

const own = (level: PressureLevel): Pressure => ({
  level,
  reasons: level === 'none' ? [] : [{ code: 'gc-time', level, value: 1, elevated: 0.3, critical: 0.6 }],
});

describe('OutsidePressure', () => {
  it.each<[PressureLevel, PressureLevel, PressureLevel, string[]]>([
    ['none', 'none', 'none', []],
    ['elevated', 'none', 'elevated', ['gc-time']],
    ['none', 'elevated', 'elevated', ['outside']],
    ['elevated', 'elevated', 'elevated', ['outside', 'gc-time']],
    ['elevated', 'critical', 'critical', ['outside', 'gc-time']],
    ['critical', 'elevated', 'critical', ['gc-time']],
  ])('%s inside and %s outside are %s', (inside, outside, level, codes) => {
    const pressure = new OutsidePressure();
    pressure.note(outside);
    const worse = pressure.worseOf(own(inside));
    expect([worse.level, worse.reasons.map(({ code }) => code)]).toEqual([level, codes]);
  });

  it('is over when the outside says so', () => {
    const pressure = new OutsidePressure();
    const calm = own('none');
    pressure.note('critical');
    expect(pressure.worseOf(calm).level).toBe('critical');
    pressure.note('none');
    expect(pressure.worseOf(calm)).toBe(calm);
  });

  it('makes nothing new for each request', () => {
    const pressure = new OutsidePressure();
    const calm = own('none');
    pressure.note('critical');
    expect(pressure.worseOf(calm)).toBe(pressure.worseOf(calm));
    expect(pressure.worseOf(own('none'))).not.toBe(pressure.worseOf(calm));
  });
});
