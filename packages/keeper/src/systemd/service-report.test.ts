import { createManualClock, type Language } from '@maque/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { receiveNotifications } from '../../testing/notify-receiver.ts';
import { eventually } from '../../testing/spawn-keeper.ts';
import type { EventCode } from '../keeper-events.ts';
import { type KeeperOptions, policyOf, resolveOptions } from '../options.ts';
import { initialState, type KeeperState } from '../policy/model.ts';
import { ServiceReport } from './service-report.ts';

const OPTIONS: KeeperOptions = {
  exec: import.meta.filename,
  workers: 2,
  limits: { oldSpaceMb: 64, semiSpaceMb: 2, budgetBytes: 2 ** 27, oomScoreAdj: 300 },
  controlSocketPath: '/nowhere/control.sock',
  bootTimeoutMs: 30_000,
  probeTimeoutMs: 10_000,
  drainTimeoutMs: 20_000,
  autopsyTimeoutMs: 0,
};

/** A service whose keeper is in the state that the test says, and a real socket that hears of it. */
async function begin(more: { readonly env?: NodeJS.ProcessEnv; readonly language?: Language } = {}) {
  const receiver = await receiveNotifications();
  const clock = createManualClock();
  let state: KeeperState = initialState(policyOf(resolveOptions(OPTIONS)), 0);
  const faults: string[] = [];
  const report = ServiceReport.begin({
    env: { ...process.env, NOTIFY_SOCKET: receiver.socketPath, ...more.env },
    pid: process.pid,
    language: more.language ?? 'en',
    state: () => state,
    onFault: (reason) => faults.push(reason),
    clock,
  });
  onTestFinished(() => report?.close());
  return {
    clock,
    faults,
    messages: receiver.messages,
    /** The lines of all messages but the status, sizes left out. */
    changes: () =>
      receiver
        .lines()
        .filter((line) => !line.startsWith('STATUS='))
        .map((line) => line.replace(/^(MONOTONIC_USEC)=\d+$/, '$1')),
    become: (mode: KeeperState['mode']) => {
      state = { ...state, mode };
    },
    tell: (code: EventCode) => report?.tell({ seq: 1, at: '', code, data: {} }),
  };
}

describe('what systemd is told', () => {
  it('is when the service starts, serves, reloads and stops, with the time that each may take', async () => {
    const service = await begin();
    service.tell('KEEPER_STARTED');
    service.become('running');
    service.tell('WORKER_READY');
    service.tell('WORKER_READY');
    await eventually('readiness', () => service.changes().includes('READY=1'));
    service.tell('DEPLOY_STARTED');
    await eventually('the reload', () => service.changes().includes('RELOADING=1'));
    // New workers are ready, and nobody is told of it before all are.
    service.tell('WORKER_READY');
    service.tell('DEPLOY_DONE');
    service.become('stopping');
    service.tell('STOPPING');
    await eventually('the end', () => service.changes().includes('STOPPING=1'));
    expect(service.changes()).toEqual([
      'EXTEND_TIMEOUT_USEC=45000000',
      'READY=1',
      'RELOADING=1',
      'MONOTONIC_USEC',
      'EXTEND_TIMEOUT_USEC=140000000',
      'READY=1',
      'STOPPING=1',
      'EXTEND_TIMEOUT_USEC=25000000',
    ]);
    expect(service.faults).toEqual([]);
  });

  it('is the time of a reload by the clock of the system, as notify-reload wants it', async () => {
    const before = process.hrtime.bigint() / 1_000n;
    const service = await begin();
    service.tell('DEPLOY_STARTED');
    await eventually('the reload', () => service.messages.length > 0);
    const [, at] = /MONOTONIC_USEC=(\d+)/.exec(String(service.messages[0]?.lines)) ?? [];
    expect(BigInt(at ?? 0)).toBeGreaterThanOrEqual(before);
    expect(BigInt(at ?? 0)).toBeLessThanOrEqual(process.hrtime.bigint() / 1_000n);
  });

  it('is the end of a reload that is refused, but for one that came during another', async () => {
    const service = await begin();
    service.become('running');
    service.tell('WORKER_READY');
    service.tell('DEPLOY_STARTED');
    await eventually('the reload', () => service.changes().includes('RELOADING=1'));
    service.tell('DEPLOY_REFUSED');
    service.tell('DEPLOY_FAILED');
    await eventually('its end', () => service.changes().filter((line) => line === 'READY=1').length === 2);
    service.tell('DEPLOY_REFUSED');
    const states = () => service.changes().filter((line) => /^(READY|RELOADING)/.test(line));
    await eventually('the other', () => states().length === 5);
    expect(states()).toEqual(['READY=1', 'RELOADING=1', 'READY=1', 'RELOADING=1', 'READY=1']);
  });

  it('is one line about the workers, in the language of the reader', async () => {
    const service = await begin({ language: 'zh-CN' });
    service.tell('KEEPER_STARTED');
    await eventually('the start', () => service.messages.length === 1);
    expect(service.messages[0]?.lines).toContain('STATUS=正在启动第一个工作进程');
    service.become('running');
    service.tell('WORKER_READY');
    await eventually('readiness', () => service.messages.length === 2);
    expect(service.messages[1]?.lines).toContain('STATUS=0/2 个工作进程正在服务');
  });

  it('is a sign of life twice in the time that systemd waits, as long as the keeper looks at its workers', async () => {
    const service = await begin({ env: { WATCHDOG_USEC: '400000' } });
    await eventually('three signs', () => service.changes().length >= 3);
    service.clock.advance(5_000);
    const told = service.changes().length;
    // Four more would have come, and the one that was on its way may.
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(service.changes().length).toBeLessThanOrEqual(told + 1);
    expect(new Set(service.changes())).toEqual(new Set(['WATCHDOG=1']));
  });

  it('is nothing where nobody listens, and one warning where systemd-notify is missing', async () => {
    const alone = await begin({ env: { NOTIFY_SOCKET: undefined } });
    alone.tell('KEEPER_STARTED');
    const without = await begin({ env: { PATH: '/nowhere' } });
    without.tell('KEEPER_STARTED');
    without.become('running');
    without.tell('WORKER_READY');
    await eventually('a warning', () => without.faults.length > 0);
    expect([...alone.messages, ...without.messages, ...alone.faults]).toEqual([]);
    expect(without.faults).toEqual(['ENOENT']);
  });
});
