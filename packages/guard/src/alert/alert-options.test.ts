import { expect, it } from 'vitest';
import { type AlertOptions, resolveAlertOptions } from './alert-options.ts';
import { createAlerter } from './alerter.ts';
import { DEFAULT_LIMITS } from './rules.ts';

const channels = [{ type: 'wecom', webhook: 'abc' }] as const;

it('fills in everything but channels', () => {
  const { rules, source } = resolveAlertOptions({ channels });
  expect(rules).toEqual(DEFAULT_LIMITS);
  expect(source.host).not.toBe('');
});

it('moves a default that stands against what was told', () => {
  const { rules } = resolveAlertOptions({
    channels,
    rules: { heap: { warning: 0.95 }, cpu: { warning: 0.5 } },
  });
  expect(rules.heap).toMatchObject({ warning: 0.95, critical: 0.95, clear: 0.75 });
  expect(rules.cpu).toMatchObject({ warning: 0.5, clear: 0.5 });
});

it.each<[string, unknown, RegExp]>([
  ['no channel', { channels: [] }, /channels must be a list of 1 to 10/],
  ['too many channels', { channels: Array(11).fill(channels[0]) }, /1 to 10/],
  ['an unknown channel', { channels: [{ type: 'sms' }] }, /one of wecom, dingtalk.*not "sms"/],
  ['no object', null, /options must be an object/],
  ['an unknown option', { channels, quiet: true }, /not "quiet"/],
  ['an unknown rule', { channels, rules: { disk: false } }, /not "disk"/],
  ['an unknown limit', { channels, rules: { cpu: { max: 1 } } }, /rules.cpu must be made of .*not "max"/],
  ['no number', { channels, rules: { cpu: { warning: '80%' } } }, /rules.cpu.warning must be a number/],
  ['a clear above the warning', { channels, rules: { cpu: { clear: 0.9 } } }, /rules.cpu.clear/],
  ['a critical below the warning', { channels, rules: { cpu: { critical: 0.1 } } }, /rules.cpu.critical/],
  ['a time that is none', { channels, mergeMs: Number.NaN }, /mergeMs/],
  ['quiet hours that are none', { channels, quietHours: 'night' }, /two times/],
  ['a time zone that is none', { channels, timeZone: 'Mars' }, /no time zone/],
])('refuses %s', (_, options, message) => {
  expect(() => createAlerter(options as AlertOptions)).toThrow(message);
});
