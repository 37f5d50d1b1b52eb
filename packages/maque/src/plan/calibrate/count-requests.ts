/** What the keeper's own questions to its workers are, which no user asks. */
const PROBES = /^(GET|HEAD) \/(healthz|readyz)$/;
const LINE = /^maque_http_requests_total\{([^}]*)\} (\d+)/gm;
/** A worker that was asked nothing yet has no count; of one that does not answer in time only the keeper tells. */
const WORKER = /^maque_(?!keeper_)\w+\{(?:[^}]*,)?worker="([^"]*)"/gm;
const STILL_STARTING = /^maque_keeper_workers\{state="starting"\} [1-9]/m;
const SILENT = /^maque_keeper_worker_answers\{[^}]*\} 0$/m;

/** Requests of users that ended, by worker, out of the metrics of a keeper. */
export function countRequests(metrics: string): ReadonlyMap<string, number> {
  const counts = new Map([...metrics.matchAll(WORKER)].map(([, worker = '']) => [worker, 0]));
  for (const [, labels = '', value] of metrics.matchAll(LINE)) {
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (PROBES.test(label('route'))) continue;
    const worker = label('worker');
    counts.set(worker, (counts.get(worker) ?? 0) + Number(value));
  }
  return counts;
}

/** Whether all have told their counts: who waits for the first worker alone finds that of the second new. */
export function haveAllTold(metrics: string): boolean {
  return !STILL_STARTING.test(metrics) && !SILENT.test(metrics);
}

/**
 * How many came in between; undefined where a worker was replaced meanwhile, whose count began anew, and where one was too
 * busy to tell: its count would be taken for that of a new one.
 */
export function requestsBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): number | undefined {
  let sum = 0;
  for (const [worker, count] of after) {
    const earlier = before.get(worker);
    if (earlier === undefined || count < earlier) return undefined;
    sum += count - earlier;
  }
  return [...before.keys()].every((worker) => after.has(worker)) ? sum : undefined;
}
