import { systemClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { OwnHeap } from '../own-heap.ts';
import { HeapProfiler, type LiveSample } from './heap-profiler.ts';
import { GUARD_FRAME_URL, type StackFrame } from './stack-frame.ts';
import { markKind, TimeMarks } from './time-marks.ts';

const INTERVAL = 4_096;
const own = new OwnHeap(systemClock);
const MARK_FRAME: StackFrame = { functionName: 'mark', url: `${GUARD_FRAME_URL}mark`, line: 1, column: 1 };

it('dates what V8 sampled, by objects that it sampled too', () => {
  const profiler = new HeapProfiler();
  expect(profiler.start(INTERVAL)).toBe(true);
  const marks = new TimeMarks(INTERVAL, own);
  const kept: unknown[] = [];
  for (let second = 0; second <= 20; second += 1) {
    marks.add(second * 1_000);
    for (let index = 0; index < 300; index += 1) kept.push({ second, list: new Array(20).fill(second) });
  }
  const samples = profiler.read()();
  profiler.stop();
  expect(kept).toHaveLength(6_300);
  const timeOf = marks.clockOf(samples);
  // Only what the loop above allocated: the test runner works in the same heap.
  const ours = samples
    .filter(
      (sample) => markKind(sample.stack) === null && sample.stack[0]?.url.endsWith('time-marks.test.ts'),
    )
    .sort((a, b) => a.ordinal - b.ordinal);
  expect(ours.length).toBeGreaterThan(100);
  // They were allocated evenly from second 0 to 21, so the one in the middle was allocated in the middle.
  const middle = ours[Math.floor(ours.length / 2)];
  expect(timeOf?.(middle?.ordinal ?? 0)).toBeGreaterThan(7_500);
  expect(timeOf?.(middle?.ordinal ?? 0)).toBeLessThan(13_500);
});

it('takes two samples of one mark for one', () => {
  const marks = new TimeMarks(1_024, own);
  for (let second = 0; second < 20; second += 1) marks.add(second * 1_000);
  const sampleOf = (mark: number, ordinal: number): LiveSample => ({
    bytes: 1,
    ordinal,
    stack: Array.from({ length: (mark % 8) + 1 }, () => MARK_FRAME),
  });
  const each = Array.from({ length: 20 }, (_, mark) => sampleOf(mark, mark * 10));
  const timeOf = marks.clockOf([...each, sampleOf(3, 31)]);
  expect([0, 100, 190].map((ordinal) => timeOf?.(ordinal))).toEqual([0, 10_000, 19_000]);
});

it('keeps a bounded number of marks', () => {
  const marks = new TimeMarks(512 * 1_024, own);
  for (let mark = 0; mark < 100; mark += 1) marks.add(mark);
  expect(marks.byteLength).toBeLessThanOrEqual(marks.capacity * 2 * 512 * 1_024);
  expect(marks.capacity).toBe(8);
});

it('writes down what it keeps, until it lets go of it', () => {
  const kept = new OwnHeap(systemClock);
  const marks = new TimeMarks(4_096, kept);
  for (let mark = 0; mark < 10; mark += 1) marks.add(mark);
  expect(marks.byteLength).toBeGreaterThanOrEqual(10 * 2 * 4_096);
  expect(kept.bytes).toBe(marks.byteLength);
  marks.drop();
  marks.drop();
  expect(kept.bytes).toBe(0);
});

it('says so when no mark was sampled', () => {
  expect(new TimeMarks(1_024, own).clockOf([])).toBeNull();
});
