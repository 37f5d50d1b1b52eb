// A process of its own that calls WeChat, for tests of many. Told what to do by messages of its parent.
import { createWechatClient } from '../client.ts';
import type { SessionKeyOwner } from '../login/session-key.ts';
import { APP_ID, SECRET } from '../with-simulator.fixture.ts';
import { openSqliteTokenStore } from './sqlite-token-store.fixture.ts';

export interface ProcessTask {
  readonly baseUrl: string;
  readonly storeFile: string;
  readonly owner: SessionKeyOwner;
}

/** Moves the clock of the process, then calls so often, some at a time. */
export interface ProcessOrder {
  readonly advanceMs: number;
  readonly calls: number;
}

/** What has come of all calls so far. */
export interface ProcessReport {
  readonly succeeded: number;
  readonly lost: readonly string[];
  readonly fetches: number;
  readonly forced: number;
  /** Answers that the token is not good any more: the calls behind them were sent again. */
  readonly refusals: number;
}

/** A worker of a small server has about so many requests at work. */
const AT_A_TIME = 10;

const { baseUrl, storeFile, owner } = JSON.parse(process.argv[2] ?? '{}') as ProcessTask;
const report = { succeeded: 0, lost: [] as string[], fetches: 0, forced: 0, refusals: 0 };
let aheadMs = 0;

const client = createWechatClient({
  appId: APP_ID,
  secret: SECRET,
  baseUrl,
  tokenStore: openSqliteTokenStore(storeFile),
  clock: { now: () => Date.now() + aheadMs, monotonic: () => performance.now() + aheadMs },
  onCall: ({ errcode }) => {
    if (errcode === 40001 || errcode === 42001) report.refusals += 1;
  },
  fetch: (async (url: string, init: RequestInit) => {
    if (url.endsWith('/cgi-bin/stable_token')) {
      report.fetches += 1;
      if (JSON.parse(String(init.body)).force_refresh !== false) report.forced += 1;
    }
    return fetch(url, init);
  }) as typeof fetch,
});

process.on('message', (order: ProcessOrder) => {
  aheadMs += order.advanceMs;
  call(order.calls).then(() => process.send?.(report));
});

async function call(times: number): Promise<void> {
  let left = times;
  const oneAfterTheOther = async () => {
    while (left > 0) {
      left -= 1;
      try {
        if (!(await client.checkSessionKey(owner))) throw new Error('the session key is not the current one');
        report.succeeded += 1;
      } catch (error) {
        report.lost.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, oneAfterTheOther));
}
