import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { MiB } from '@maque/kit';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it, onTestFinished } from 'vitest';
import { eventually, spawnKeeper } from '../../testing/spawn-keeper.ts';
import { type OutputLine, WorkerOutput } from './worker-output.ts';

/** A process that runs a few lines of JavaScript, and the lines that it writes. */
function run(source: string): { child: ChildProcess; output: WorkerOutput; lines: OutputLine[] } {
  const child = spawn(process.execPath, ['--inspect-port=127.0.0.1:0', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: OutputLine[] = [];
  return { child, output: new WorkerOutput('w1', child, (line) => void lines.push(line)), lines };
}

// 60 KB each millisecond, without waiting for anybody: as console.log does.
const FLOOD = `
  const text = ('x'.repeat(99) + '\\n').repeat(600);
  const flood = (stream) => setInterval(() => stream.write(text), 1);
`;

const WAITS = 'setInterval(() => {}, 1_000);';

it('hands out the lines of both streams, and the last of stderr at the end', async () => {
  const { child, output, lines } = run('console.log("one"); console.error("two"); console.error("three")');
  await once(child, 'close');
  expect(await output.lastLines()).toEqual(['two', 'three']);
  expect(lines).toEqual(
    expect.arrayContaining([
      { worker: 'w1', stream: 'stdout', text: 'one' },
      { worker: 'w1', stream: 'stderr', text: 'two' },
      { worker: 'w1', stream: 'stderr', text: 'three' },
    ]),
  );
});

it('waits for a line, keeps it to itself, and hides what the inspector says beside it', async () => {
  const { child, output, lines } = run(`console.error('up'); ${WAITS}`);
  await waitUntil('its first line', () => lines.length === 1);
  const line = output.nextLine(/^Debugger listening on (ws:\S+)/, 10_000);
  expect(await output.nextLine(/another/, 10_000)).toBeNull();
  child.kill('SIGUSR1');
  const url = /ws:\S+/.exec((await line) ?? '')?.[0] ?? '';
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send(
    JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'console.error("mine")' } }),
  );
  await waitUntil('what the app says', () => lines.length > 1);
  socket.close();
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(lines.map(({ text }) => text)).toEqual(['up', 'mine']);
  expect(await output.lastLines()).toEqual(['up', 'mine']);
});

it('finds the line that is waited for in a flood, and gives up when none comes', async () => {
  // More than is kept, and no more than is read: where a pipe is full, Node's own line is lost before it gets here.
  const { child, output, lines } = run(
    'const text = "x".repeat(3_999); setInterval(() => console.error(text), 1)',
  );
  await waitUntil('the flood', () => lines.some(({ droppedBytes }) => droppedBytes !== undefined));
  expect(await output.nextLine(/never/, 50)).toBeNull();
  const line = output.nextLine(/Debugger listening on ws:/, 10_000);
  child.kill('SIGUSR1');
  expect(await line).toContain('ws://127.0.0.1:');
});

it('answers null when the process ends before the line comes', async () => {
  const { output } = run('console.error("that was it")');
  expect(await output.nextLine(/never/, 10_000)).toBeNull();
  expect(await output.nextLine(/never/, 10_000)).toBeNull();
});

it('drops what is too much of a flood, goes on in whole lines, and tells how much is missing', async () => {
  const { lines } = run(`${FLOOD} flood(process.stdout)`);
  const dropped = () => lines.reduce((sum, { droppedBytes = 0 }) => sum + droppedBytes, 0);
  const beganMs = performance.now();
  await waitUntil('a second passage', () => dropped() > MiB);
  const seconds = (performance.now() - beganMs) / 1_000;
  const kept = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
  expect(kept).toBeLessThan((1 + seconds) * MiB);
  // The last line before the gap may be cut off.
  expect(lines.filter(({ text }) => text.length !== 99).length).toBeLessThanOrEqual(1);
});

it('neither waits for a reader that has stopped nor keeps all that it misses', async () => {
  const flood = 'data:text/javascript,setInterval(() => console.error("x".repeat(9_999)), 1)';
  const keeper = await spawnKeeper('plain-app.mjs', { workers: 1, execArgv: ['--import', flood] }).serving(1);
  keeper.child.stderr?.pause();
  const beganMs = performance.now();
  // More than the pipe and the keeper hold.
  while (performance.now() - beganMs < 1_000) await keeper.state();
  keeper.child.stderr?.resume();
  await eventually('word of what is missing', () => /… \S+ MiB dropped, 已丢弃 …\n/.test(keeper.stderr));
  expect(keeper.all('WORKER_HUNG')).toEqual([]);
});
