// A process with one scenario in it: serves it on loopback and tells its parent a sample of its memory each half second.
// Plain JavaScript, as the scenarios: stripping types would bring a compiler into the memory that is recorded.
import { createServer, Server } from 'node:http';
import { constants, PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const SAMPLE_MS = 500;
const [file] = process.argv.slice(2);
const startedAt = performance.now();
const gc = { majors: 0, minors: 0, ms: 0, floor: null, floorAt: null };
const seconds = (atMs) => Math.round((atMs - startedAt) / 10) / 100;

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    gc.ms += entry.duration;
    if (entry.detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) gc.minors += 1;
    if (entry.detail.kind !== constants.NODE_PERFORMANCE_GC_MAJOR) continue;
    gc.majors += 1;
    gc.floorAt = seconds(entry.startTime + entry.duration);
    gc.floor = getHeapStatistics().used_heap_size;
  }
}).observe({ entryTypes: ['gc'] });

const { scenario } = await import(file);
const routes = [
  ...new Set([...scenario.arrivals, ...(scenario.populations ?? [])].map(({ route }) => route)),
];
const patterns = routes.map((route) => {
  const [method, path] = route.split(' ');
  return { method, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) };
});
const served = routes.map(() => 0);

const made = await scenario.serve();
const server = made instanceof Server ? made : createServer(made);
server.prependListener('request', ({ method, url }) => {
  const path = url.split('?', 1)[0];
  const index = patterns.findIndex((route) => route.method === method && route.pattern.test(path));
  if (index >= 0) served[index] += 1;
});
server.listen(0, '127.0.0.1', () => {
  process.send({ port: server.address().port, routes, node: process.version });
});

let loop = performance.eventLoopUtilization();
setInterval(() => {
  const before = loop;
  loop = performance.eventLoopUtilization();
  process.send({
    t: seconds(performance.now()),
    ...process.memoryUsage(),
    lastMajorT: gc.floorAt,
    heapAfterMajor: gc.floor,
    majors: gc.majors,
    minors: gc.minors,
    gcMs: Math.round(gc.ms),
    elu: Math.round(performance.eventLoopUtilization(loop, before).utilization * 1000) / 1000,
    handles: process.getActiveResourcesInfo().length,
    req: served,
  });
}, SAMPLE_MS);

process.on('message', () => process.exit(0));
