import { expect, test } from 'vitest';
import { move } from './moved-files.ts';
import { memoryMaxOf, unitCommand } from './unit-command.ts';

const UNIT = `[Service]
Environment=NODE_ENV=production
Environment=MAQUE_BODY_LIMIT=1048576
ExecStart=/usr/bin/node /opt/maque/bin/maque.js start /srv/shop --workers 2
MemoryMax=1319108608
`;

test('a unit says what it starts, with which variables, and where the wall is', () => {
  expect(unitCommand(UNIT)).toEqual({
    command: '/usr/bin/node',
    args: ['/opt/maque/bin/maque.js', 'start', '/srv/shop', '--workers', '2'],
    env: { NODE_ENV: 'production', MAQUE_BODY_LIMIT: '1048576' },
  });
  expect(memoryMaxOf(UNIT)).toBe(1_319_108_608);
  expect(() => memoryMaxOf('[Service]')).toThrow('no MemoryMax');
});

test('what should move and is not there shows that the rendered file has changed', () => {
  expect(move(UNIT, [['/usr/bin/node ', '/tmp/node ']])).toContain('ExecStart=/tmp/node ');
  expect(() => move(UNIT, [['--port 8080', '--port 1']])).toThrow('--port 8080');
});
