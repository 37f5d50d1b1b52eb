import { Agent, request as sendHttp } from 'node:http';
import fc from 'fast-check';
import { anyText, anyValue, hostileJson, listParameters } from './hostile-values.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON Schema, of which we look at what we know
type Schema = any;

/** A route as `/openapi.json` tells of it. */
export interface KnownRoute {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  /** A body that its schema allows. */
  readonly body: unknown;
  readonly bodyType: string | undefined;
}

/** A request as it goes out. */
export interface Mutant {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** All routes of a description, those left out that `skip` names as `GET /path`. */
export function routesOf(openapi: Schema, skip: ReadonlySet<string>): KnownRoute[] {
  return Object.entries<Schema>(openapi.paths).flatMap(([path, operations]) =>
    Object.entries<Schema>(operations).flatMap(([method, { parameters = [], requestBody }]) => {
      if (skip.has(`${method.toUpperCase()} ${path}`)) return [];
      const [bodyType, content] = Object.entries<Schema>(requestBody?.content ?? {})[0] ?? [];
      const query = parameters.flatMap((one: Schema) => (one.in === 'query' ? [one.name] : []));
      return [{ method: method.toUpperCase(), path, query, body: sampleOf(content?.schema), bodyType }];
    }),
  );
}

function sampleOf(schema: Schema): unknown {
  if (schema === undefined) return undefined;
  if (schema.oneOf !== undefined || schema.anyOf !== undefined)
    return sampleOf((schema.oneOf ?? schema.anyOf)[0]);
  if (schema.enum !== undefined) return schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, of]) => [name, sampleOf(of)]),
      );
    case 'array':
      return [sampleOf(schema.items)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return schema.format === 'date-time'
        ? '2026-01-01T00:00:00.000Z'
        : 'a'.repeat(Math.max(1, schema.minLength ?? 1));
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE', 'PROPFIND'];
const RAW_SEGMENTS = [
  '%',
  '%zz',
  '%ff',
  '%00',
  '%2e%2e',
  '..',
  '%ED%A0%80',
  '__proto__',
  'a'.repeat(201),
  '%2F',
  ';a=1',
  '',
];
const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['if-match', ['*', '"a"', 'W/"a", "b",,', '"a'.repeat(2_000), ',']],
  ['if-none-match', ['*', '"x"', 'W/'.repeat(2_000), '"'.repeat(9_000)]],
  ['idempotency-key', ['k', 'k2', '', 'k'.repeat(200), 'k'.repeat(201), 'a b', 'ÿ']],
  ['range', ['bytes=0-', 'bytes=-', 'bytes=5-1', 'bytes=0-0,1-1', `bytes=${'9'.repeat(400)}-`]],
  ['accept-encoding', ['gzip', 'br;q=0, gzip;q=0', ';q=0'.repeat(2_000), 'identity;q=0, *;q=0']],
  ['accept-language', ['zh-CN,zh;q=0.9', 'x'.repeat(8_000), ',,,']],
  [
    'content-type',
    [
      'text/plain',
      'application/json; charset=utf-16',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      '',
      'a/b/c',
    ],
  ],
  ['content-encoding', ['gzip', 'br']],
  ['x-http-method-override', ['PATCH', 'DELETE', 'CONNECT', '__proto__']],
  ['x-forwarded-for', ['1.2.3.4', 'x', `${'1.1.1.1,'.repeat(900)}`]],
  [
    'authorization',
    [
      'Bearer',
      'Bearer ',
      'Basic eDp5',
      'bearer x',
      `Bearer ${'a.'.repeat(3_000)}`,
      'Bearer mq_aaaaaaaaaaaaaaaaaaaa_a',
    ],
  ],
  ['expect', ['100-continue', 'the unexpected']],
  ['upgrade', ['websocket', 'h2c']],
];

const anyHeader = fc
  .constantFrom(...HEADERS)
  .chain(([name, values]) => fc.constantFrom(...values).map((value): [string, string] => [name, value]));

/** Valid requests, each changed in a few places. @param idsOf what exists at a path. */
export function anyMutant(
  routes: readonly KnownRoute[],
  tokens: readonly (string | undefined)[],
  idsOf: (path: string) => readonly string[],
): fc.Arbitrary<Mutant> {
  return fc.constantFrom(...routes).chain((route) =>
    fc
      .record({
        method: fc.oneof(
          { weight: 29, arbitrary: fc.constant(route.method) },
          { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
        ),
        token: fc.constantFrom(...tokens),
        segments: fc.tuple(anySegment(idsOf(route.path)), anySegment(idsOf(route.path))),
        query: anyQuery(route.query),
        edits: fc.array(fc.tuple(fc.nat(99), anyText, anyValue), { maxLength: 2 }),
        raw: fc.oneof(
          { weight: 9, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constantFrom(...hostileJson) },
        ),
        headers: fc.oneof(fc.constant([]), fc.array(anyHeader, { maxLength: 2 })),
      })
      .map(({ method, token, segments: [first, second], query, edits, raw, headers }): Mutant => {
        const path = route.path.replace(/\{\w+\}/, first).replace(/\{\w+\}/, second);
        const pairs = query.map(([name, value]) => `${encode(name)}=${encode(value)}`);
        return {
          method,
          // Node takes 16 KiB of headers, and says 431 of more before anything of ours is asked.
          path: (pairs.length === 0 ? path : `${path}?${pairs.join('&')}`).slice(0, 12_000),
          headers: {
            ...(route.bodyType === undefined ? {} : { 'content-type': route.bodyType }),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...Object.fromEntries(headers),
          },
          body: route.bodyType === undefined ? undefined : (raw ?? textOf(edited(route.body, edits))),
        };
      }),
  );
}

function anySegment(ids: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.constantFrom(...RAW_SEGMENTS) },
    { weight: 1, arbitrary: anyText.map((text) => encode(text).slice(0, 600)) },
  );
}

type Parameter = readonly [name: string, value: string];

function anyQuery(names: readonly string[]): fc.Arbitrary<readonly Parameter[]> {
  const parameters = fc.array(anyParameter(names), { maxLength: 3 });
  // Where a route takes none, most have none.
  return fc.oneof(
    { weight: names.length > 0 ? 4 : 1, arbitrary: parameters },
    { weight: 2, arbitrary: fc.constant([]) },
  );
}

function anyParameter(names: readonly string[]): fc.Arbitrary<[string, string]> {
  const known = fc
    .constantFrom(...(names.length === 0 ? ['a'] : names))
    .chain((name) => (listParameters[name] ?? anyText).map((value): [string, string] => [name, value]));
  const named = fc.tuple(fc.constantFrom(...(names.length === 0 ? ['a'] : names)), anyText);
  return fc.oneof(
    { weight: 9, arbitrary: known },
    { weight: 1, arbitrary: named },
    { weight: 1, arbitrary: fc.tuple(anyText, anyText) },
  );
}

/** Four of five names are known ones. */
function nameAt(names: readonly string[], at: number, other: string): string {
  return at % 5 === 0 || names.length === 0 ? other.slice(0, 100) : (names[at % names.length] ?? '');
}

function edited(body: unknown, edits: readonly (readonly [number, string, unknown])[]): unknown {
  return edits.reduce((changed: unknown, [at, name, value]) => {
    if (at === 99 || typeof changed !== 'object' || changed === null) return value;
    const entries = Object.entries(changed);
    const key = nameAt(
      entries.map(([one]) => one),
      at,
      name,
    );
    const old = entries.find(([one]) => one === key)?.[1];
    // Every third goes into what is inside, if anything is.
    const inner = at % 3 === 0 && typeof old === 'object' ? edited(old, [[at + 1, name, value]]) : value;
    const others = entries.filter(([one]) => one !== key);
    // As JSON has it: `__proto__` is a name like any other.
    return Array.isArray(changed)
      ? [...others.map(([, one]) => one), inner]
      : Object.fromEntries([...others, [key, inner]]);
  }, body);
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** What is wrong with how a server answers; undefined when nothing is. */
export function faultOf(
  url: string,
  { method, path, headers, body }: Mutant,
  withinMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    // Said outright: of a body that goes with GET or HEAD Node would not tell the length.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = sendHttp(
      { agent, hostname, port, method, path, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          clearTimeout(late);
          const { 'content-encoding': encoding } = response.headers;
          const text = encoding === undefined ? Buffer.concat(chunks).toString() : undefined;
          resolve(faultIn(method, response.statusCode ?? 0, text));
        });
      },
    );
    const late = setTimeout(() => {
      resolve('hangs');
      sent.destroy();
    }, withinMs);
    sent.on('error', (error) => {
      clearTimeout(late);
      resolve(`broke off: ${error.message}`);
    });
    sent.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve('upgrades');
    });
    if (body !== undefined) sent.write(body);
    sent.end();
  });
}

/** @param text undefined where it is compressed, which no answer of a fault is long enough for. */
function faultIn(method: string, status: number, text: string | undefined): string | undefined {
  if (status < 400) return undefined;
  const error = text === undefined || text === '' ? undefined : parsed(text)?.error;
  if (method === 'HEAD') return undefined;
  const isShaped = [error?.code, error?.message, error?.requestId].every((one) => typeof one === 'string');
  if (!isShaped) return `${status} without the shape of an error: ${text?.slice(0, 200)}`;
  return status === 500 ? `500 ${error.code} in ${error.requestId}` : undefined;
}

function parsed(text: string): Schema {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
