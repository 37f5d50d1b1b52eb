import { expect, it } from 'vitest';
import { newRecordId } from './record-id.ts';

it('makes ids of one form that rise, also within one millisecond', () => {
  const ids = Array.from({ length: 5_000 }, () => newRecordId(Date.now()));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{20}$/);
});

it('goes on rising when the clock is set back', () => {
  const before = newRecordId(Date.now());
  expect(newRecordId(Date.now() - 3_600_000) > before).toBe(true);
});

it('shares no random part with the id before', () => {
  const [first = '', second = ''] = [newRecordId(Date.now()), newRecordId(Date.now())];
  expect(first.slice(11)).not.toBe(second.slice(11));
});
