import { expect, test } from 'vitest';
import type { NewsItem } from '../contenders/contender.ts';
import { type DoneFault, unexplained } from './fault-matching.ts';

const started = (atMs: number, worker: string, pid: number): NewsItem => ({
  atMs,
  code: 'WORKER_STARTED',
  data: { worker, pid },
});
const exited = (atMs: number, worker: string, cause: string): NewsItem => ({
  atMs,
  code: 'WORKER_EXITED',
  data: { worker, exit: { cause, exitCode: null, signal: 'SIGKILL' } },
});
const kill: DoneFault = { kind: 'kill', atMs: 100, pid: 11 };

test('a kill is explained by the end of that worker, after it, with that cause', () => {
  expect(unexplained([kill], [started(1, 'w1', 11), exited(101, 'w1', 'KILLED')])).toEqual([]);
  expect(unexplained([kill], [started(1, 'w1', 11), exited(99, 'w1', 'KILLED')])).toEqual([kill]);
  expect(unexplained([kill], [started(1, 'w1', 11), exited(101, 'w1', 'UNCAUGHT_ERROR')])).toEqual([kill]);
  expect(unexplained([kill], [started(1, 'w2', 11), exited(101, 'w1', 'KILLED')])).toEqual([kill]);
});

test('a name that was given to another worker is not the one from before', () => {
  const news = [started(1, 'w1', 11), started(90, 'w1', 12), exited(101, 'w1', 'KILLED')];
  expect(unexplained([kill], news)).toEqual([kill]);
});

test('a leak is explained by being recycled for it, by the name in the list', () => {
  const leak: DoneFault = { kind: 'heap-leak', atMs: 100, pid: 11 };
  const recycled = (reason: string): NewsItem => ({
    atMs: 120,
    code: 'RECYCLE_STARTED',
    data: { workers: 'w2, w1', reason },
  });
  expect(unexplained([leak], [started(1, 'w1', 11), recycled('leak')])).toEqual([]);
  expect(unexplained([leak], [started(1, 'w1', 11), recycled('asked')])).toEqual([leak]);
});

test('load and a full disk need no word', () => {
  expect(unexplained([{ kind: 'load-burst', atMs: 1, pid: null }], [])).toEqual([]);
  expect(unexplained([{ kind: 'full-disk', atMs: 1, pid: null }], [])).toEqual([]);
});
