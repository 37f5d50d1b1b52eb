import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LeakReport } from '@maque/guard';
import { startReceiver } from '@maque/testkit/alerts/alert-receiver';
import { freePort } from '@maque/testkit/process/free-port';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

// 40 orders a second that keep 50 KB each: 2 MB a second, which half an hour would not survive.
const PROGRAM = `
  import { createServer } from 'node:http';
  const kept = [];
  function rememberOrder(path) {
    kept.push({ path, at: new Date(), seen: new Array(6_000).fill(path) });
  }
  createServer((request, response) => {
    if (request.method === 'POST') rememberOrder(request.url);
    response.end(JSON.stringify({ kept: kept.length, list: Array.from({ length: 200 }, (_, at) => ({ at })) }));
  }).listen(process.env.PORT);
`;

/** Orders and lists at random moments, as people make them, until `over`. */
async function visit(origin: string, over: AbortSignal): Promise<void> {
  for (let visitor = 0; !over.aborted; visitor += 1) {
    const isOrder = Math.random() < 0.4;
    const path = isOrder ? '/orders' : `/products/${visitor}`;
    const answer = await fetch(origin + path, { method: isOrder ? 'POST' : 'GET' }).catch(() => undefined);
    await answer?.text();
    await pause(Math.random() * 20);
  }
}

it('tells of a leak in a program it has never seen, and names the route and the function', {
  timeout: 240_000,
}, async () => {
  await using receiver = await startReceiver(() => ({ status: 204, body: '' }));
  await using folder = await tempFolder();
  await writeFile(join(folder.path, 'shop.mjs'), PROGRAM);
  const port = await freePort();
  const env = { PORT: String(port), MAQUE_ALERT_WEBHOOK: receiver.origin };
  const args = ['run', '--workers', '1', '--memory', '600M', 'shop.mjs'];
  await using _program = await runMaque(args, { cwd: folder.path, env });
  await waitUntil('an answer', () => fetch(`http://127.0.0.1:${port}`), 20_000);
  const over = new AbortController();
  const visitors = visit(`http://127.0.0.1:${port}`, over.signal);

  const reports = join(folder.path, 'data', 'leak-reports');
  const named = async () => (await readdir(reports).catch(() => [])).find((name) => name.endsWith('.json'));
  const name = await waitUntil('a report', named, 200_000);
  const report = JSON.parse(await readFile(join(reports, name), 'utf8')) as LeakReport;
  expect(report.lookFirst).toMatchObject({ route: 'POST /orders', site: { function: 'rememberOrder' } });
  expect(report.cost.pauseMs).toBeLessThan(1_000);

  const alerted = (text: string) => receiver.requests.some(({ body }) => body.includes(text));
  await waitUntil('an alert', () => alerted('"rule":"leak"'), 60_000);
  await waitUntil('what the report names', () => alerted('Route: POST /orders'), 20_000);
  over.abort();
  await visitors;
});
