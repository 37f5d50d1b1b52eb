import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeHang } from './describe-hang.ts';
import type { HangFinding, HangFrame, HangStack, ThreadState } from './hang-finding.ts';
import { writeHangReport } from './write-hang-report.ts';

function frame(functionName: string, file: string, line: number, owner: HangFrame['owner']): HangFrame {
  return { functionName, file, line, column: 7, owner };
}

const READ = frame('readSync', 'node:fs', 733, 'node');
const PARSE = frame('parse', 'node_modules/yaml/index.js', 20, 'package');
const PRICES = frame('parsePrices', 'src/prices.js', 41, 'app');
const LIST = frame('listProducts', 'src/shop.js', 12, 'app');
const EMIT = frame('emit', 'node:events', 514, 'node');

function finding(frames: readonly HangFrame[], more: Partial<HangStack> = {}): HangFinding {
  const stack = { frames, steady: 0, route: null, nativeMs: 0, ...more };
  return { stack, reason: null, thread: null, tookMs: 180 };
}

function native(thread: Partial<ThreadState>): HangFinding {
  const idle: ThreadState = { run: 'sleeping', waitsIn: null, call: null, children: [] };
  return { stack: null, reason: 'native', thread: { ...idle, ...thread }, tookMs: 1 };
}

const en = (found: HangFinding) => describeHang(found, 3_210).en;

describe('the first line about a hang', () => {
  it("names the app's own function first, what it is inside of, and who called it", () => {
    expect(en(finding([PRICES, LIST, EMIT]))).toBe(
      'blocked for 3.2 s in parsePrices (src/prices.js:41:7), called by listProducts (src/shop.js:12:7)',
    );
    expect(en(finding([READ, PARSE, PRICES, LIST, EMIT], { route: 'GET /products' }))).toBe(
      'blocked for 3.2 s in parsePrices (src/prices.js:41:7), inside readSync (node:fs:733:7), called by listProducts (src/shop.js:12:7), for GET /products',
    );
    expect(describeHang(finding([PRICES, LIST]), 3_210).zh).toBe(
      '已阻塞 3.2 s，位于 parsePrices (src/prices.js:41:7)，由 listProducts (src/shop.js:12:7) 调用',
    );
  });

  it('passes over what comes and goes', () => {
    expect(en(finding([PRICES, LIST, EMIT], { steady: 1 }))).toBe(
      'blocked for 3.2 s in listProducts (src/shop.js:12:7)',
    );
    // Nothing stays, as with promises.
    expect(en(finding([PRICES, EMIT], { steady: 2 }))).toBe(
      'blocked for 3.2 s in parsePrices (src/prices.js:41:7)',
    );
  });

  it("names a package's function, or Node's, where there is none of the app's", () => {
    expect(en(finding([READ, PARSE, EMIT]))).toBe(
      'blocked for 3.2 s in parse (node_modules/yaml/index.js:20:7), inside readSync (node:fs:733:7)',
    );
    expect(en(finding([READ, EMIT]))).toContain('in readSync (node:fs:733:7)');
  });

  it('does not take what runs after a long native call for its cause', () => {
    expect(en(finding([PRICES], { nativeMs: 2_900 }))).toBe(
      'blocked for 3.2 s, 2.9 s of it in native code that ended just now (such as JSON.parse of a large text); what ran after it: parsePrices (src/prices.js:41:7)',
    );
  });

  it('says what the kernel knows when the code cannot be interrupted', () => {
    expect(en(native({ run: 'running' }))).toContain('it computes in native code');
    expect(en(native({ run: 'disk', waitsIn: 'io_schedule', call: 'fsync /srv/data.db' }))).toContain(
      'it waits for a disk or a network drive (fsync /srv/data.db)',
    );
    expect(en(native({ waitsIn: 'do_epoll_wait', children: ['sh', 'convert'] }))).toContain(
      'it waits in the kernel (do_epoll_wait) and has started sh, convert: execSync, perhaps',
    );
    expect(en({ ...native({}), thread: null })).toContain('it is in native code');
    expect(en({ ...native({}), reason: 'stopped' })).toBe(
      'blocked for 3.2 s; it is stopped by a signal (SIGSTOP, or a debugger) and runs nothing at all',
    );
  });
});

describe('a hang report', () => {
  it('is kept as data and as a page, for its owner only, the newest twenty', async () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'maque-hang-')), 'reports');
    onTestFinished(() => rmSync(join(dir, '..'), { recursive: true }));
    let path = '';
    for (let second = 10; second < 35; second += 1) {
      const at = `2026-11-20T10:00:${second}.000Z`;
      const report = { at, worker: 'w1', pid: 42, script: 'server.js', silentMs: 3_210 };
      const found = finding([READ, PRICES, LIST], { steady: 1 });
      path = await writeHangReport({ dir, language: 'en' }, { ...report, finding: found });
    }
    expect(readdirSync(dir)).toHaveLength(40);
    expect(path).toBe(join(dir, 'hang-20261120T100034-42.json'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      version: 1,
      worker: 'w1',
      firstLine: { en: expect.stringContaining('in parsePrices') },
      finding: { stack: { steady: 1 } },
    });
    const page = readFileSync(path.replace('.json', '.md'), 'utf8');
    expect(page).toContain('# Worker w1 hung');
    expect(page).toContain('\nreadSync (node:fs:733:7)\nparsePrices (src/prices.js:41:7)\n');
    expect(page).toContain('The first 1 came and went');
  });
});
