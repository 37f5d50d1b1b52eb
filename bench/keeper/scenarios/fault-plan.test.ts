import { expect, test } from 'vitest';
import { FAULT_KINDS, planFaults } from './fault-plan.ts';

test('every kind comes as often as the others, and the last fault has time to be got over', () => {
  const faults = planFaults(600, 20, 1);
  for (const kind of FAULT_KINDS) {
    const count = faults.filter((fault) => fault.kind === kind).length;
    expect(count).toBeGreaterThanOrEqual(Math.floor(faults.length / FAULT_KINDS.length));
    expect(count).toBeLessThanOrEqual(Math.ceil(faults.length / FAULT_KINDS.length));
  }
  expect(faults.at(-1)?.atSeconds).toBeLessThanOrEqual(570);
  expect(faults.every(({ atSeconds }, index) => atSeconds >= (faults[index - 1]?.atSeconds ?? 0))).toBe(true);
});

test('the same seed plans the same, another one something else', () => {
  expect(planFaults(600, 20, 1)).toEqual(planFaults(600, 20, 1));
  expect(planFaults(600, 20, 1)).not.toEqual(planFaults(600, 20, 2));
});

test('a time too short for one fault has none', () => {
  expect(planFaults(30, 20, 1)).toEqual([]);
});
