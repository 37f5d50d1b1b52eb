import { DAY, GiB, HOUR, MINUTE, MiB } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AutopsyLimiter, type AutopsyRequest, describeAutopsyRefusal } from './autopsy-limiter.ts';

const request = (changes: Partial<AutopsyRequest> = {}): AutopsyRequest => ({
  place: '1',
  nowMs: 0,
  freeBytes: GiB,
  workerBytes: 150 * MiB,
  ...changes,
});

/** One that begins and ends at once. */
function examine(limiter: AutopsyLimiter, worker: string, place: string, nowMs: number): void {
  limiter.began(worker, { place, nowMs });
  limiter.ended(worker);
}

it('never allows two at once', () => {
  const limiter = new AutopsyLimiter();
  expect(limiter.ask(request())).toEqual({ allowed: true });
  limiter.began('w1', request());
  expect(limiter.ask(request({ place: '2' }))).toEqual({
    allowed: false,
    reason: { code: 'ONE_RUNS', worker: 'w1' },
  });
  limiter.ended('w2');
  expect(limiter.ask(request({ place: '2' })).allowed).toBe(false);
  limiter.ended('w1');
  expect(limiter.ask(request({ place: '2' })).allowed).toBe(true);
});

it('allows one an hour for each place', () => {
  const limiter = new AutopsyLimiter();
  examine(limiter, 'w1', '1', 0);
  expect(limiter.ask(request({ nowMs: 50 * MINUTE }))).toEqual({
    allowed: false,
    reason: { code: 'PLACE_TOO_SOON', waitMs: 10 * MINUTE },
  });
  expect(limiter.ask(request({ nowMs: 50 * MINUTE, place: '2' })).allowed).toBe(true);
  expect(limiter.ask(request({ nowMs: HOUR })).allowed).toBe(true);
});

it('allows six a day', () => {
  const limiter = new AutopsyLimiter();
  for (let hour = 0; hour < 6; hour += 1) examine(limiter, 'w1', `${hour}`, hour * HOUR);
  expect(limiter.ask(request({ nowMs: 6 * HOUR, place: '7' }))).toEqual({
    allowed: false,
    reason: { code: 'DAY_FULL', perDay: 6, waitMs: DAY - 6 * HOUR },
  });
  expect(limiter.ask(request({ nowMs: DAY, place: '7' })).allowed).toBe(true);
});

it('allows none where the box has no room, and says how much it would take', () => {
  const limiter = new AutopsyLimiter();
  const answer = limiter.ask(request({ freeBytes: 20 * MiB }));
  expect(answer).toMatchObject({ allowed: false, reason: { code: 'NO_ROOM', freeBytes: 20 * MiB } });
  expect(limiter.ask(request({ freeBytes: null })).allowed).toBe(true);
  expect(limiter.ask(request({ freeBytes: 40 * MiB, workerBytes: GiB })).allowed).toBe(false);
});

it.each(['en', 'zh-CN'] as const)('tells every reason in %s', (language) => {
  const reasons = [
    { code: 'ONE_RUNS', worker: 'w1' },
    { code: 'PLACE_TOO_SOON', waitMs: 10 * MINUTE },
    { code: 'DAY_FULL', perDay: 6, waitMs: HOUR },
    { code: 'NO_ROOM', neededBytes: 32 * MiB, freeBytes: 20 * MiB },
  ] as const;
  for (const reason of reasons) expect(describeAutopsyRefusal(reason, language)).not.toMatch(/[{}]/);
  expect(describeAutopsyRefusal(reasons[3], language)).toContain('20 MiB');
});

it('begins no more than it may, in whatever order things come', () => {
  const asked = fc.record({
    place: fc.integer({ min: 0, max: 200 }),
    afterMs: fc.integer({ min: 0, max: 3 * HOUR }),
  });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 300 }), (questions) => {
      const limiter = new AutopsyLimiter();
      const begun: { place: string; nowMs: number }[] = [];
      let nowMs = 0;
      for (const { place, afterMs } of questions) {
        nowMs += afterMs;
        const one = request({ place: String(place), nowMs });
        if (!limiter.ask(one).allowed) continue;
        examine(limiter, `w${place}`, one.place, nowMs);
        begun.push(one);
      }
      for (const { place, nowMs: atMs } of begun) {
        const later = begun.filter((other) => other.nowMs >= atMs && other.nowMs < atMs + DAY);
        expect(later.length).toBeLessThanOrEqual(6);
        expect(later.filter((other) => other.place === place && other.nowMs < atMs + HOUR)).toHaveLength(1);
      }
    }),
  );
});
