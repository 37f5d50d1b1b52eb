import { expect, it } from 'vitest';
import { sampleSummary } from '../../testing/fixtures/autopsy-summary.ts';
import type { EventCode, KeeperEvent } from '../keeper-events.ts';
import { EventFactsReader } from './event-facts.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
let seq = 0;

function event(code: EventCode, data: KeeperEvent['data'], afterMs = 0): KeeperEvent {
  seq += 1;
  return { seq, at: new Date(NOON + afterMs).toISOString(), code, data };
}

function exited(worker: string, cause: string): KeeperEvent {
  return event('WORKER_EXITED', { worker, exit: { cause, exitCode: null, signal: 'SIGKILL', reason: null } });
}

it('takes a look at a blocked worker and its kill for one hang, and names the place', () => {
  const reader = new EventFactsReader('en');
  const place = { en: 'blocked for 3 s in spin (server.js:12)', zh: '在 spin(server.js:12)中阻塞 3 秒' };
  const first = reader.read([event('WORKER_BLOCKED', { worker: 'w1', silentMs: 3_000, place })]);
  expect(first.incidents).toEqual([
    { rule: 'hang', process: 'w1', cause: 'Worker w1: blocked for 3 s in spin (server.js:12)' },
  ]);
  expect(reader.read([event('WORKER_HUNG', { worker: 'w1', silentMs: 10_000 }, 7_000)]).incidents).toEqual(
    [],
  );
  const later = event('WORKER_HUNG', { worker: 'w1', silentMs: 10_000 }, 600_000);
  expect(reader.read([later]).incidents).toMatchObject([{ rule: 'hang' }]);
});

it('tells kills by the kernel from kills by the keeper, with the reason', () => {
  const reader = new EventFactsReader('en');
  const { incidents, deaths } = reader.read([
    exited('w1', 'OOM_KILLED'),
    event('WORKER_OVER_MEMORY', {
      worker: 'w2',
      why: { en: 'it takes 300 MiB', zh: '' },
      deed: { en: 'it is killed', zh: '' },
    }),
    exited('w2', 'OVER_MEMORY'),
    exited('w3', 'RECYCLED'),
  ]);
  expect(incidents).toEqual([
    { rule: 'oom-kill', process: 'w1', cause: 'Worker w1 ended: the kernel killed it: memory had run out' },
    { rule: 'over-memory', process: 'w2', cause: 'Worker w2: it takes 300 MiB; it is killed' },
  ]);
  expect(deaths.map(({ process }) => process)).toEqual(['w1', 'w2']);
});

it('takes what the new version said of its failure along, made harmless', () => {
  const reader = new EventFactsReader('en');
  const exit = { cause: 'UNCAUGHT_ERROR', exitCode: 1, signal: null, reason: null };
  const told = { code: 'PORT_IN_USE', message: 'Port 8080 \u001b[31mis taken' };
  const { incidents } = reader.read([event('DEPLOY_FAILED', { version: 'v2', worker: 'w3', exit, told })]);
  expect(incidents).toMatchObject([{ rule: 'deploy', version: 'v2' }]);
  expect(incidents[0]?.cause).toContain('(Port 8080 is taken)');
});

it('reads an autopsy, and believes a leak that collections confirm', () => {
  const reader = new EventFactsReader('en');
  const { examinations } = reader.read([
    event('WORKER_AUTOPSIED', { worker: 'w1', summary: sampleSummary() }),
    event('WORKER_AUTOPSIED', { worker: 'w2', summary: sampleSummary({ isConfirmed: false }) }),
    event('WORKER_AUTOPSIED', { worker: 'w3', summary: { verdict: 'leaking' } }),
  ]);
  expect(examinations).toMatchObject([
    { process: 'w1', leaks: true, pool: 'heap', bytesPerSecond: 100_000 },
    { process: 'w2', leaks: false },
  ]);
  expect(examinations[0]?.note).toContain(sampleSummary().reportFile);
});

it('remembers a crash loop until a worker lives, and why the box is short until it is not', () => {
  const reader = new EventFactsReader('zh-CN');
  const why = { en: 'nginx grew', zh: 'nginx 变大了' };
  reader.read([
    event('CRASH_LOOP', { worker: 'w1', failures: 3 }),
    event('BOX_PRESSURE', { level: { en: 'getting short', zh: '趋于紧张' }, why, reasons: [{}] }),
  ]);
  const { crashLoop, boxNote } = reader.read([]);
  expect(crashLoop).toEqual({ process: 'w1', failures: 3 });
  expect(boxNote).toContain('nginx 变大了');
  const over = reader.read([
    event('WORKER_READY', { worker: 'w4' }),
    event('BOX_PRESSURE', { level: { en: '', zh: '' }, why: { en: '', zh: '' }, reasons: [] }),
  ]);
  expect(over).toMatchObject({ crashLoop: null, boxNote: null });
});

it('does without data that is missing or of a wrong kind', () => {
  const reader = new EventFactsReader('en');
  const codes = [
    'WORKER_EXITED',
    'WORKER_HUNG',
    'CRASH_LOOP',
    'DEPLOY_FAILED',
    'WORKER_AUTOPSIED',
    'BOX_PRESSURE',
  ] as const;
  for (const code of codes) {
    const data = code === 'WORKER_EXITED' ? { worker: 'w1', exit: 'gone' } : {};
    expect(() => reader.read([event(code, data)])).not.toThrow();
  }
});
