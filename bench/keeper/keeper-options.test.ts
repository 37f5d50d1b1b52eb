import { MiB } from '@maque/kit';
import { expect, test } from 'vitest';
import { readKeeperOptions } from './keeper-options.ts';

const NAMES = ['replace', 'leaks', 'kill'];
const read = (...args: string[]) => readKeeperOptions(args, NAMES);

test('everything, for Maque alone, unless told', () => {
  expect(read()).toMatchObject({ scenarios: NAMES, contenders: ['maque'], seconds: undefined });
});

test('what is asked for, in the order in which it runs', () => {
  const told = ['--against', 'pm2,maque', '--seconds', '20', '--memory', '544', '--only', 'heap'];
  expect(read('kill', 'replace', ...told)).toMatchObject({
    scenarios: ['replace', 'kill'],
    contenders: ['maque', 'pm2'],
    seconds: 20,
    memory: 544 * MiB,
    only: 'heap',
  });
});

test('a word that is none of its own is named', () => {
  expect(() => read('kil')).toThrow('scenarios: replace, leaks, kill; not "kil"');
  expect(() => read('--against', 'forever')).toThrow('--against: maque, pm2, watt, cluster; not "forever"');
  expect(() => read('--seconds', '0')).toThrow('--seconds is a whole number');
  expect(() => read('--fast')).toThrow('--fast');
});

test('help is not a run', () => {
  expect(read('--help')).toBeUndefined();
});
