import type { Metric } from '@maque/guard';
import type { Milliseconds } from '@maque/kit';
import type { ClockSkew, QuotaReport } from '@maque/wechat';

interface MeteredCall {
  readonly path: string;
  /** What the failure is called; null for success. */
  readonly failure: string | null;
  readonly ms: Milliseconds;
}

interface PathCounts {
  /** By what the failure is called; `ok` for none. */
  readonly results: Map<string, number>;
  seconds: number;
}

/** A backend calls some twenty of WeChat's paths; what apps call by `callApi` beyond this is counted together. */
const MOST_PATHS = 50;
const OTHER_PATHS = 'other';
/** WeChat answers in 50 to 300 ms; a try ends at 5 s. */
const BUCKETS_SECONDS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Counts the calls of WeChat's server API that this process makes, for metrics. */
export class WechatMeter {
  readonly #paths = new Map<string, PathCounts>();
  readonly #quotas = new Map<string, number>();
  readonly #buckets = BUCKETS_SECONDS.map((le) => ({ le, count: 0 }));
  #seconds = 0;
  #calls = 0;
  #skewSeconds: number | undefined;

  /** One exchange, with WeChat's API or with WeChat Pay. */
  call({ path, failure, ms }: MeteredCall): void {
    const seconds = ms / 1_000;
    const counts = this.#countsOf(path);
    const result = failure ?? 'ok';
    counts.results.set(result, (counts.results.get(result) ?? 0) + 1);
    counts.seconds += seconds;
    this.#calls += 1;
    this.#seconds += seconds;
    for (const bucket of this.#buckets) if (seconds <= bucket.le) bucket.count += 1;
  }

  quota({ path, left }: QuotaReport): void {
    if (this.#quotas.has(path) || this.#quotas.size < MOST_PATHS) this.#quotas.set(path, left);
  }

  clockSkew({ skewMs }: ClockSkew): void {
    this.#skewSeconds = skewMs / 1_000;
  }

  metrics(): Metric[] {
    const paths = [...this.#paths];
    return [
      {
        type: 'counter',
        name: 'maque_wechat_calls_total',
        help: 'Calls of WeChat by path and result',
        samples: paths.flatMap(([path, { results }]) =>
          Array.from(results, ([result, value]) => ({ labels: { path, result }, value })),
        ),
      },
      {
        type: 'counter',
        name: 'maque_wechat_call_path_seconds_total',
        help: 'Time that calls of WeChat took, by path',
        samples: paths.map(([path, { seconds }]) => ({ labels: { path }, value: seconds })),
      },
      {
        type: 'histogram',
        name: 'maque_wechat_call_seconds',
        help: 'How long calls of WeChat took',
        buckets: this.#buckets,
        sum: this.#seconds,
        count: this.#calls,
      },
      {
        type: 'gauge',
        name: 'maque_wechat_quota_left',
        help: 'Calls of a path that are left today, as last known',
        samples: Array.from(this.#quotas, ([path, value]) => ({ labels: { path }, value })),
      },
      {
        type: 'gauge',
        name: 'maque_wechat_clock_skew_seconds',
        help: 'How far this clock is off, once WeChat has seen more than a minute',
        samples: this.#skewSeconds === undefined ? [] : [{ value: this.#skewSeconds }],
      },
    ];
  }

  #countsOf(path: string): PathCounts {
    const name = this.#paths.has(path) || this.#paths.size < MOST_PATHS ? path : OTHER_PATHS;
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    const counts = { results: new Map<string, number>(), seconds: 0 };
    this.#paths.set(name, counts);
    return counts;
  }
}
