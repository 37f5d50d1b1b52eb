import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Milliseconds } from '@maque/kit';
import type { NewsItem, RunningContender } from '../contenders/contender.ts';

/** What the supervisor told of a block. */
export interface ToldOfHang {
  readonly afterMs: Milliseconds;
  readonly item: NewsItem;
  readonly namesFunction: boolean;
  readonly namesLine: boolean;
}

const NEWS_EVERY_MS: Milliseconds = 50;

/** Listens for what a supervisor tells of a hang, from `begin` on. */
export class NewsOfHang {
  readonly #service: RunningContender;
  #before = 0;
  #startedAt = 0;

  constructor(service: RunningContender) {
    this.#service = service;
  }

  async begin(): Promise<void> {
    this.#before = (await this.#service.news?.())?.length ?? 0;
    this.#startedAt = Date.now();
  }

  /** The best that was told: with function and line if there is any such. Waits for it a while. */
  async end(patienceMs: Milliseconds): Promise<ToldOfHang | null> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const items = ((await this.#service.news?.()) ?? []).slice(this.#before).filter(isOfHang);
      const told = items.map((item) => this.#told(item));
      const named = told.find(({ namesFunction }) => namesFunction);
      if (named !== undefined || performance.now() > until) {
        const [first] = told;
        return first === undefined ? null : { ...(named ?? first), afterMs: first.afterMs };
      }
      await sleep(NEWS_EVERY_MS);
    }
  }

  #told(item: NewsItem): ToldOfHang {
    const text = JSON.stringify(item.data);
    return {
      afterMs: item.atMs - this.#startedAt,
      item,
      namesFunction: text.includes(GUILTY.functionName),
      namesLine: GUILTY.lines.some((line) => new RegExp(`server\\.js\\D{1,24}${line}\\b`).test(text)),
    };
  }
}

function isOfHang({ code }: NewsItem): boolean {
  return /HUNG|HANG|BLOCK|SLOW/.test(code);
}

const GUILTY = guiltyPlace('findBestPrice');

/** Where a function of the service stands: any of its lines is right. */
function guiltyPlace(functionName: string): {
  readonly functionName: string;
  readonly lines: readonly number[];
} {
  const file = fileURLToPath(new URL('../app/server.js', import.meta.url));
  const lines = readFileSync(file, 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith(`function ${functionName}(`));
  const length = lines.slice(start).indexOf('}');
  return { functionName, lines: Array.from({ length }, (_, offset) => start + 1 + offset) };
}
