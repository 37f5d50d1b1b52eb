// In a process of its own: imports what it is told to (nothing if nothing), and prints by how much the process has grown.
// `node probe.js empty|server [specifier]`: a server has loaded what it serves with.
import { readFileSync } from 'node:fs';

const [kind, specifier] = process.argv.slice(2);
if (kind === 'server') {
  await Promise.all(['node:http', 'node:https', 'node:crypto'].map((name) => import(name)));
}
const startedAt = performance.now();
if (specifier !== undefined) globalThis.kept = await import(specifier);
const ms = performance.now() - startedAt;
globalThis.gc();
const rollup = readFileSync('/proc/self/smaps_rollup', 'latin1');
console.log(JSON.stringify({ rss: Number(/^Rss:\s+(\d+)/m.exec(rollup)[1]) * 1_024, ms }));
