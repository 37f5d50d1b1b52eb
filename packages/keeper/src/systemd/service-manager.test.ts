import { describe, expect, it } from 'vitest';
import { serviceManagerOf } from './service-manager.ts';

const NOTIFY_SOCKET = '/run/systemd/notify';

describe('what a service manager asks for', () => {
  it.each([
    ['nobody', {}, undefined],
    ['a socket of a virtual machine', { NOTIFY_SOCKET: 'vsock:2:1234' }, undefined],
    ['an empty name', { NOTIFY_SOCKET: '@' }, undefined],
    ['no watchdog', { NOTIFY_SOCKET }, { notifySocket: NOTIFY_SOCKET, watchdogMs: null }],
    ['an abstract socket', { NOTIFY_SOCKET: '@a' }, { notifySocket: '@a', watchdogMs: null }],
    [
      'a watchdog of whoever is started',
      { NOTIFY_SOCKET, WATCHDOG_USEC: '30000000' },
      { notifySocket: NOTIFY_SOCKET, watchdogMs: 30_000 },
    ],
    [
      'a watchdog of this process',
      { NOTIFY_SOCKET, WATCHDOG_USEC: '500', WATCHDOG_PID: '7' },
      { notifySocket: NOTIFY_SOCKET, watchdogMs: 0.5 },
    ],
    [
      "another process's watchdog",
      { NOTIFY_SOCKET, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' },
      { notifySocket: NOTIFY_SOCKET, watchdogMs: null },
    ],
    ['nonsense', { NOTIFY_SOCKET, WATCHDOG_USEC: 'soon' }, { notifySocket: NOTIFY_SOCKET, watchdogMs: null }],
  ])('%s', (_, env, expected) => {
    expect(serviceManagerOf(env, 7)).toEqual(expected);
  });
});
