import { MINUTE } from '@maque/kit';
import { expect, it } from 'vitest';
import { localOffset, parseQuietHours } from './quiet-hours.ts';

const at = (text: string) => Date.parse(text);

it('reads hours that go over midnight, in local time', () => {
  const { isQuiet } = parseQuietHours('23:00-08:00', localOffset('Asia/Shanghai'));
  const quiet = ['22:59', '23:00', '03:30', '07:59', '08:00', '12:00'].map((time) =>
    isQuiet(at(`2026-11-20T${time}:00+08:00`)),
  );
  expect(quiet).toEqual([false, true, true, true, false, false]);
});

it('reads hours of one day', () => {
  const { isQuiet } = parseQuietHours('12:00-13:30', localOffset('UTC'));
  expect([at('2026-11-20T11:59Z'), at('2026-11-20T13:29Z'), at('2026-11-20T13:30Z')].map(isQuiet)).toEqual([
    false,
    true,
    false,
  ]);
});

it('goes along when the clocks change', () => {
  const { isQuiet } = parseQuietHours('02:30-07:00', localOffset('America/New_York'));
  // 7:30 UTC is 2:30 in winter and 3:30 in summer.
  expect(isQuiet(at('2026-01-10T07:29Z'))).toBe(false);
  expect(isQuiet(at('2026-07-10T06:31Z'))).toBe(true);
  expect(localOffset('Asia/Kolkata')(0)).toBe(330 * MINUTE);
});

it.each(['', '23-8', '24:00-08:00', '23:60-08:00', '08:00-08:00', 'at night'])('refuses %j', (text) => {
  expect(() => parseQuietHours(text, localOffset('UTC'))).toThrow(/two times such as 23:00-08:00/);
});

it('refuses a time zone that does not exist', () => {
  expect(() => localOffset('Asia/Pekin')).toThrow(/no time zone "Asia\/Pekin"/);
});
