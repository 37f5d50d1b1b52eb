/**
 * node:cluster as the documentation and careful teams use it, without anything else: a heap limit for each worker, a new
 * one for each that ends, and on SIGHUP one after the other, the new one first.
 */
import cluster from 'node:cluster';
import { once } from 'node:events';

const DRAIN_TIMEOUT_MS = 10_000;

cluster.setupPrimary({
  exec: new URL('./server.js', import.meta.url).pathname,
  execArgv: [`--max-old-space-size=${process.env.HEAP_MIB}`],
});
let stopping = false;
const replaced = new Set();

cluster.on('exit', (worker) => {
  if (!replaced.delete(worker) && !stopping) cluster.fork();
});
for (let started = 0; started < Number(process.env.WORKERS); started += 1) cluster.fork();

let rolling = Promise.resolve();
process.on('SIGHUP', () => {
  rolling = rolling.then(async () => {
    for (const old of Object.values(cluster.workers)) await replace(old);
    process.stdout.write('rolled\n');
  });
});
process.on('SIGTERM', () => {
  stopping = true;
  for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGKILL');
  process.exit(0);
});

async function replace(old) {
  await once(cluster.fork(), 'listening');
  if (old.isDead()) return;
  replaced.add(old);
  const ended = once(old, 'exit');
  old.disconnect();
  const force = setTimeout(() => old.process.kill('SIGKILL'), DRAIN_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}
