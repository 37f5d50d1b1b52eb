import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OutsideMemory, outsideEvidence } from './outside-memory.ts';

it('finds the requests that memory grows with, past collections and other traffic', () => {
  const requests = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4];
  const others = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5, 2, 3, 5, 3];
  const growth = requests.map((count, step) =>
    step % 7 === 6 ? -5_000_000 : 160_000 * count + 10_000 * (step % 3),
  );
  expect(outsideEvidence(growth, requests)).toBeGreaterThan(10);
  expect(outsideEvidence(growth, others)).toBeLessThan(2);
});

it('says nothing of few steps, of constant traffic, and never anything absurd', () => {
  expect(outsideEvidence([1, 2, 3], [1, 2, 3])).toBe(0);
  expect(outsideEvidence(new Array(50).fill(7), new Array(50).fill(3))).toBe(0);
  const numbers = fc.array(fc.oneof(fc.integer(), fc.double()), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, numbers, (growth, requests) => {
      const evidence = outsideEvidence(growth, requests);
      expect(evidence).toBeGreaterThanOrEqual(0);
      expect(evidence).toBeLessThan(200);
    }),
  );
});

it('follows the memory of this process for a bounded time', () => {
  const memory = new OutsideMemory();
  const kept: Uint8Array[] = [];
  for (let second = 0; second < 250; second += 1) {
    if (second === 1) kept.push(new Uint8Array(64 * 1024 * 1024).fill(1));
    memory.add(second * 1_000);
    memory.add(second * 1_000 + 250);
  }
  expect(memory.steps).toHaveLength(200);
  expect(memory.steps[0]?.bytes).toBeGreaterThan(30 * 1024 * 1024);
  expect(kept).toHaveLength(1);
});
