import { createManualClock, MINUTE } from '@maque/kit';
import { createWechatClient } from './client.ts';
import type { WechatClientOptions } from './client-options.ts';
import type { WechatError } from './errors/wechat-error.ts';
import type { CallReport, QuotaReport } from './http/caller.ts';
import type { ClockSkew } from './http/clock-skew.ts';
import { createSimulator, type SimulatorOptions } from './simulator/simulator.ts';

export const APP_ID = 'wx4f4bc4dec97d474b';
export const SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

/** A simulator that listens, and clients of it on one clock that only moves when told or slept on. */
export async function startSimulator(options: Partial<SimulatorOptions> = {}) {
  const clock = createManualClock();
  const simulator = createSimulator({ appId: APP_ID, secret: SECRET, clock, ...options });
  const baseUrl = await simulator.listen();
  const slept: number[] = [];
  const reports: CallReport[] = [];
  const quotas: QuotaReport[] = [];
  const skews: ClockSkew[] = [];
  const alerts: WechatError[] = [];
  const createClient = (overrides: Partial<WechatClientOptions> = {}) =>
    createWechatClient({
      appId: APP_ID,
      secret: SECRET,
      baseUrl,
      clock,
      random: () => 0.5,
      sleep: async (ms) => {
        slept.push(ms);
        clock.advance(ms);
      },
      onCall: (report) => reports.push(report),
      onQuota: (quota) => quotas.push(quota),
      onClockSkew: (skew) => skews.push(skew),
      onAlert: (error) => alerts.push(error),
      ...overrides,
    });
  return {
    clock,
    simulator,
    baseUrl,
    slept,
    reports,
    quotas,
    skews,
    alerts,
    createClient,
    /** How often a path was really called. */
    callsOf: (path: string) => simulator.calls.filter((call) => call.path === path).length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** What a promise rejects with; fails when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<WechatError> {
  return promise.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: WechatError) => error,
  );
}

/** Polls until `check` holds; fails after a minute. */
export async function until(check: () => boolean): Promise<void> {
  const deadline = performance.now() + MINUTE;
  while (!check()) {
    if (performance.now() > deadline) throw new Error('it never came to pass');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
