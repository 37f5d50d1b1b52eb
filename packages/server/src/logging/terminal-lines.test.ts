import { expect, it } from 'vitest';
import { terminalLine } from './terminal-lines.ts';

const WARN = 40;
const ERROR = 50;

it('tells an error with the lines of the app that it came from, and no other', () => {
  const err = new TypeError('no such tea');
  err.stack = [
    'TypeError: no such tea',
    '    at brew (file:///home/mei/notes/src/tea.ts:3:9)',
    '    at Object.handler (file:///home/mei/notes/maque.config.ts:20:5)',
    '    at handle (file:///home/mei/notes/node_modules/maque/bundle/worker.js:100:1)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
  ].join('\n');
  expect(terminalLine(ERROR, [{ request: 'r-1', err }, 'a request failed'])).toBe(
    [
      'error: a request failed  request=r-1',
      '  TypeError: no such tea',
      '    at brew (file:///home/mei/notes/src/tea.ts:3:9)',
      '    at Object.handler (file:///home/mei/notes/maque.config.ts:20:5)',
    ].join('\n'),
  );
});

it('tells a bare sentence, and facts of any form without their secrets', () => {
  expect(terminalLine(WARN, ['the disk is slow'])).toBe('warning: the disk is slow');
  const line = terminalLine(WARN, [{ token: { secret: 'x' }, at: [1, 2], phone: '13812345678' }, 'odd']);
  expect(line).toContain('at=[1,2]');
  expect(line).not.toMatch(/13812345678|"x"/);
});

it('leaves out what is milder than a warning', () => {
  expect(terminalLine(30, [{ url: 'http://localhost' }, 'serving'])).toBeUndefined();
});
