import { expect, it } from 'vitest';
import { get } from '../../testing/keep-alive-load.ts';
import { receiveNotifications } from '../../testing/notify-receiver.ts';
import { eventually, spawnKeeper } from '../../testing/spawn-keeper.ts';

it('a keeper tells systemd when it serves, lives, reloads and ends, and its workers cannot', async () => {
  const receiver = await receiveNotifications();
  process.env.NOTIFY_SOCKET = receiver.socketPath;
  process.env.WATCHDOG_USEC = '1000000';
  const keeper = spawnKeeper('tells-environment.mjs');
  delete process.env.NOTIFY_SOCKET;
  delete process.env.WATCHDOG_USEC;
  const states = () => receiver.lines().filter((line) => /^(READY|RELOADING|STOPPING)=1$/.test(line));
  await keeper.serving(2);
  await eventually('readiness', () => states().length === 1);
  expect(await get(keeper.port, '/')).toBe('nobody, nobody');
  await eventually('a sign of life', () => receiver.lines().includes('WATCHDOG=1'));
  keeper.child.kill('SIGHUP');
  await keeper.event('DEPLOY_DONE');
  await eventually('the end of the reload', () => states().length === 3);
  keeper.child.kill('SIGTERM');
  expect(await keeper.exited).toBe(0);
  await eventually('the last word', () => states().length === 4);
  expect(states()).toEqual(['READY=1', 'RELOADING=1', 'READY=1', 'STOPPING=1']);
});
