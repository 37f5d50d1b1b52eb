// The primary of one service: keeps workers, passes on what they tell, and ends with whoever started it.
import cluster from 'node:cluster';
import { WORKERS } from './live-cases.ts';
import type { Told } from './live-teller.ts';

/** What the primary tells. */
export type Relayed =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'exit'; readonly worker: number }
  | { readonly kind: 'told'; readonly worker: number; readonly told: Told };

const path = (name: string): string => new URL(name, import.meta.url).pathname;
const relay = (message: Relayed): void => void process.send?.(message);

cluster.setupPrimary({
  exec: path('live-app.ts'),
  execArgv: [
    `--max-old-space-size=${process.env.LIVE_HEAP_MIB ?? '256'}`,
    '--import',
    import.meta.resolve('@maque/guard/register'),
    '--import',
    path('live-teller.ts'),
  ],
});
let listening = 0;
for (let worker = 0; worker < WORKERS; worker += 1) {
  const forked = cluster.fork();
  forked.on('message', (told: Told) => relay({ kind: 'told', worker, told }));
  forked.on('listening', ({ port }) => {
    listening += 1;
    if (listening === WORKERS) relay({ kind: 'listening', port });
  });
  forked.on('exit', () => relay({ kind: 'exit', worker }));
}
process.on('message', (message) => {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.send(message as object);
});
process.on('disconnect', () => process.exit());
