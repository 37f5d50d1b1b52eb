import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CodedError } from '@maque/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SnapshotSections } from '../snapshot/snapshot-sections.ts';
import { type RedactionSummary, redactSnapshot } from './redact-snapshot.ts';

const planter = fileURLToPath(new URL('fixtures/plant-secrets.mjs', import.meta.url));
const run = promisify(execFile);

async function* piecesOf(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function redact(bytes: Uint8Array, pieceLength = 65_536): Promise<[Buffer, RedactionSummary]> {
  const written: Buffer[] = [];
  const summary = await redactSnapshot(piecesOf(bytes, pieceLength), async (chunk) => {
    written.push(Buffer.from(chunk));
  });
  return [Buffer.concat(written), summary];
}

/** The bytes of every section of numbers. */
function numbersOf(snapshot: Buffer): Record<string, string> {
  const numbers: Record<string, string[]> = {};
  const sections = new SnapshotSections({
    bytes: (bytes, section) => {
      numbers[section] ??= [];
      numbers[section].push(Buffer.from(bytes).toString('latin1'));
    },
  });
  sections.push(snapshot);
  sections.end();
  return Object.fromEntries(Object.entries(numbers).map(([section, pieces]) => [section, pieces.join('')]));
}

// Numbers of ours that may look like a piece of a phone number: places in the file and ids of nodes.
const OWN_NUMBERS = / of \d+ #\d+>|@\d+/g;
const PIECE = 6;

/** Every piece of six letters that is in the secrets alone, not in the words around them. */
function piecesOfSecrets(secrets: readonly string[]): Set<string> {
  const pieces = new Set<string>();
  for (const secret of secrets) {
    const text = secret.replace(/eyJhbGciOiJIUzI1NiJ9|"openid"|"phone"|\.example/g, '');
    for (let at = 0; at + PIECE <= text.length; at++) pieces.add(text.slice(at, at + PIECE));
  }
  return pieces;
}

describe.each([
  ['as V8 takes it by default', []],
  ['with internals and numbers', ['--numeric']],
])('a snapshot of a process with 10,000 secrets, %s', (_how, flags) => {
  const folder = mkdtempSync(join(tmpdir(), 'redact-'));
  let secrets: readonly string[] = [];
  let raw: Buffer;
  let redacted: Buffer;
  let summary: RedactionSummary;
  let strings: readonly string[] = [];

  beforeAll(async () => {
    await run(process.execPath, [planter, folder, '10000', ...flags]);
    secrets = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'));
    raw = readFileSync(join(folder, 'raw.heapsnapshot'));
    [redacted, summary] = await redact(raw);
    strings = JSON.parse(redacted.toString()).strings;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('had them', () => {
    const found = new Set(JSON.parse(raw.toString()).strings);
    expect(secrets.length).toBeGreaterThanOrEqual(10_000);
    // The others are a part of a string, or in a Buffer alone.
    expect(secrets.filter((secret) => found.has(secret)).length).toBeGreaterThan(7_000);
  });

  it('has none of them afterwards, nor six letters of one', () => {
    const pieces = piecesOfSecrets(secrets);
    const leaks = strings.filter((text) => {
      const shown = text.replace(OWN_NUMBERS, '');
      for (let at = 0; at + PIECE <= shown.length; at++)
        if (pieces.has(shown.slice(at, at + PIECE))) return true;
      return false;
    });
    expect(leaks).toEqual([]);
    expect(strings.filter((text) => text.includes('order paid late'))).toEqual([]);
  });

  it('has no letter that is not ASCII, in UTF-8, UTF-16 or escaped', () => {
    expect(redacted.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f))).toBe(true);
    expect(redacted.includes(String.raw`\u`)).toBe(false);
    for (const secret of secrets.slice(0, 40)) {
      expect(redacted.includes(secret)).toBe(false);
      expect(redacted.includes(Buffer.from(secret, 'utf16le'))).toBe(false);
      expect(redacted.includes(Buffer.from(secret, 'utf16le').swap16())).toBe(false);
      expect(redacted.includes(Buffer.from(secret).toString('base64'))).toBe(false);
      expect(redacted.includes(Buffer.from(secret).toString('hex'))).toBe(false);
    }
  });

  it('still shows what code calls things', () => {
    const names = new Set(strings);
    for (const name of [
      ...['Customer', 'OrderBook', 'AsyncLocalStorage', 'system / Context', '(GC roots)'],
      ...['phone', 'openid', 'nickname', '#sessionKey', 'ordersByPhone', 'dingdanLiebiao', 'plantedSecrets'],
      ...['authorization', 'x-wx-openid', 'everythingKept', 'dictionary', 'inlineCaches'],
      ...['rememberForever', 'revealToken', 'capturedToken', 'requestContext', 'take'],
    ]) {
      expect(names).toContain(name);
    }
    expect(strings.some((text) => text.endsWith('/redact/fixtures/plant-secrets.mjs'))).toBe(true);
  });

  it('has every number as it was, so that sizes, ids and retainers are too', () => {
    const before = numbersOf(raw);
    const after = numbersOf(redacted);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [section, numbers] of Object.entries(before)) expect(after[section] === numbers).toBe(true);
    expect(JSON.parse(redacted.toString()).snapshot).toEqual(JSON.parse(raw.toString()).snapshot);
  });

  it('has as many strings as before, equal ones equal, each with its length', () => {
    const before: readonly string[] = JSON.parse(raw.toString()).strings;
    expect(strings.length).toBe(before.length);
    for (const [index, text] of strings.entries()) {
      const [, length, number] = /^<(?:string|name) of (\d+) #(\d+)>$/.exec(text) ?? [];
      if (length === undefined) continue;
      expect([Number(length), Number(number)]).toEqual([before[index]?.length, index]);
    }
    const { kept, shortened, replaced } = summary.strings;
    expect(kept + shortened + replaced).toBe(before.length);
    expect(summary.bytesRead).toBe(raw.length);
    expect(summary.bytesWritten).toBe(redacted.length);
  });

  it('is the same however it is cut into pieces, and when it is redacted again', async () => {
    const [again] = await redact(raw, 7_919);
    expect(again.equals(redacted)).toBe(true);
  });
});

const META = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
  node_types: [
    ['hidden', 'string', 'object', 'code', 'closure', 'future'],
    'string',
    'number',
    'number',
    'number',
  ],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [['context', 'element', 'property', 'internal', 'hidden', 'later'], 'string_or_number', 'node'],
  trace_function_info_fields: ['function_id', 'name', 'script_name'],
  location_fields: ['object_index', 'script_id', 'line', 'column'],
};

function file(nodes: readonly number[], edges: readonly number[], strings: readonly string[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      snapshot: {
        meta: META,
        node_count: nodes.length / 5,
        edge_count: edges.length / 3,
        trace_function_count: 1,
      },
      nodes,
      edges,
      trace_function_infos: [0, 4, 5],
      locations: [0, 1, 2, 3],
      strings,
    }),
  );
}

describe('what V8 of another version may write', () => {
  it('names of unknown types of nodes and edges go, for nobody knows what they are', async () => {
    const [bytes] = await redact(
      file([5, 1, 1, 0, 1], [5, 2, 0], ['<dummy>', 'phone', 'order', 'user', 'run', '/app/a.js']),
    );
    expect(JSON.parse(bytes.toString()).strings).toEqual([
      '<dummy>',
      '<string of 5 #1>',
      '<string of 5 #2>',
      '<string of 4 #3>',
      'run',
      '/app/a.js',
    ]);
  });

  it('nothing gets by in a head that says things twice', async () => {
    const text = file([2, 1, 1, 0, 0], [], ['<dummy>', 'Order']).toString();
    const twice = text.replace('"node_count"', '"comment":"13800138000","comment":1,"node_count"');
    const [bytes] = await redact(Buffer.from(twice));
    expect(bytes.toString()).not.toContain('13800138000');
  });

  it('a file with more strings than any heap has is refused before it takes memory', async () => {
    await expect(redact(file([2, 2 ** 40, 1, 0, 0], [], ['a']))).rejects.toMatchObject({
      code: 'SNAPSHOT_TOO_LARGE',
    });
  });
});

describe('redactSnapshot', () => {
  const small = file(
    [2, 1, 1, 0, 1],
    [2, 2, 0],
    ['<dummy>', 'Order', 'phone', '13800138000', 'run', '/app/a.js'],
  );

  it('waits for what it writes to', async () => {
    let writing = 0;
    let most = 0;
    const strings = Array.from({ length: 40_000 }, (_, index) => `text ${index}`);
    await redactSnapshot(piecesOf(file([2, 1, 1, 0, 0], [], strings), 1_000_000), async () => {
      most = Math.max(most, ++writing);
      await new Promise((resolve) => setImmediate(resolve));
      writing--;
    });
    expect(most).toBe(1);
  });

  it('fails with what writing fails with', async () => {
    const failure = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const redaction = redactSnapshot(piecesOf(small, 10), () => Promise.reject(failure));
    await expect(redaction).rejects.toBe(failure);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const redaction = redactSnapshot(piecesOf(small, 10), async () => {}, { signal: stop.signal });
    await expect(redaction).rejects.toThrow('enough');
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    await redactSnapshot(piecesOf(small, 100), async () => {}, { onProgress: (bytes) => told.push(bytes) });
    expect(told.at(0)).toBe(100);
    expect(told.at(-1)).toBe(small.length);
  });

  it('makes of any file a snapshot or a clear error, and never lets a secret out', async () => {
    const edit = fc.tuple(
      fc.nat(small.length - 1),
      fc.constantFrom(...Buffer.from('0123456789,:[]{}"\\nx ')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        fc.nat(small.length),
        async (edits, end) => {
          const bytes = Buffer.from(small);
          for (const [at, byte] of edits) bytes[at] = byte;
          try {
            const [out] = await redact(end % 3 === 0 ? bytes.subarray(0, end) : bytes, 64);
            expect(out.toString()).not.toContain('13800138');
            JSON.parse(out.toString());
          } catch (error) {
            expect(error).toBeInstanceOf(CodedError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
