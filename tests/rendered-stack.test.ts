import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { ClosingStack, GiB } from '@maque/kit';
import { type BoxPlan, type PlannedOf, planBox } from '@maque/ops/plan';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryCgroup } from '../bench/measure/memory-cgroup.ts';
import { treeMemory } from '../bench/measure/process-tree.ts';
import { prepareTables } from '../bench/plan-reality/prepare-tables.ts';
import { copyPrograms, missingPrograms } from '../bench/plan-reality/private-programs.ts';
import { RedisConnection } from '../bench/plan-reality/redis-connection.ts';
import { DOMAIN, type RenderedBox, startRenderedBox } from '../bench/plan-reality/rendered-box.ts';
import { findProgram } from '../bench/stacks/debian-program.ts';
import { shopRequest } from '../packages/ops/testing/plan-requests.ts';

/** Each of the programs takes its time to end. */
const CLOSE_MS = 20_000;
/** The usual server, all of whose memory is the group's. */
const BOX = { memoryBytes: 2 * GiB, bound: 'cgroup-v1', cores: 2 } as const;

const closing = new ClosingStack(CLOSE_MS);
let plan: BoxPlan;
let box: RenderedBox;
let folder: string;

/** Why it cannot be tried here; where a release is checked, REQUIRE_CGROUP=1 says that it must. */
function missingHere(): string | undefined {
  if (missingPrograms().length > 0) return missingPrograms().join(', ');
  try {
    new MemoryCgroup(2 * GiB).remove();
    return undefined;
  } catch (error) {
    if (process.env.REQUIRE_CGROUP === '1') throw error;
    return `this machine does not allow a memory cgroup: ${String(error)}`;
  }
}

const missing = missingHere();
if (missing !== undefined) process.stderr.write(`rendered-stack.test.ts is skipped: ${missing}\n`);

describe.skipIf(missing !== undefined)(
  'the usual 2 GiB box, planned, rendered and started in a cgroup of 2 GiB',
  () => {
    beforeAll(async () => {
      const made = planBox({ ...shopRequest(), box: BOX });
      if (!made.fits) throw new Error('the usual shop does not fit');
      plan = made;
      const temporary = await tempFolder();
      closing.push('folder', () => temporary[Symbol.asyncDispose]());
      folder = temporary.path;
      const node = process.execPath;
      const programs = copyPrograms(join(folder, 'programs'), node);
      const mariadbTemplate = await prepareTables({
        folder: join(folder, 'tables'),
        programs,
        closing,
        sizeMb: 0,
      });
      box = await startRenderedBox({ plan, folder, node, programs, mariadbTemplate, closing });
    }, 60_000);

    afterAll(async () => {
      expect(await closing.close()).toEqual([]);
    }, 60_000);

    it('serves the shop with TLS through nginx: login, products, an order', async () => {
      const login = await ask('POST', '/api/login/wechat', { body: { code: 'demo-7' } });
      expect(login.status).toBe(200);
      const { token } = login.json();
      const products = await ask('GET', '/api/products?limit=20&sort=-stock');
      expect(products.status).toBe(200);
      expect(products.headers['strict-transport-security']).toMatch(/max-age=/);
      const { items } = products.json();
      expect(items).toHaveLength(20);
      const body = { items: [{ productId: items[0].id, quantity: 2 }] };
      const order = await ask('POST', '/api/orders', { token, body });
      expect(order.status).toBe(201);
      expect(order.json().total_fen).toBe(2 * items[0].price_fen);
      const orders = await ask('GET', '/api/orders', { token });
      expect(orders.json().items.map(({ id }: { id: string }) => id)).toContain(order.json().id);
    });

    it('speaks HTTP/2, sends plain HTTP to TLS, and knows no other name', async () => {
      const session = connectHttp2(`https://127.0.0.1:${box.ports.https}`, {
        servername: DOMAIN,
        ca: certificate(),
      });
      const stream = session.request({ ':path': '/readyz', ':authority': DOMAIN });
      const [head] = await once(stream, 'response');
      expect(head[':status']).toBe(200);
      session.close();
      const plain = await fetch(`http://127.0.0.1:${box.ports.http}/`, { redirect: 'manual' }).catch(
        () => undefined,
      );
      // By its address it is a stranger, which is not answered at all.
      expect(plain).toBeUndefined();
      await expect(ask('GET', '/', { servername: 'other.example.com' })).rejects.toThrow();
    });

    it('passes the upgrade of a WebSocket on to the app', async () => {
      const socket = connectTls({ ...address(), ca: certificate() });
      await once(socket, 'secureConnect');
      const key = Buffer.from('0123456789abcdef').toString('base64');
      socket.write(
        `GET /api/realtime HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      const [answer] = await once(socket, 'data');
      socket.destroy();
      // What the app makes of it is its own affair; nginx has no page of its own for this.
      expect(String(answer)).toMatch(/^HTTP\/1\.1 (101|4\d\d) /);
      expect(String(answer)).not.toContain('<html>');
      await waitUntil('the log, five seconds late at most', () => isInLog('/api/realtime'), 8_000);
    });

    it('runs MariaDB and Redis with what was planned', async () => {
      const socket = join(folder, 'mariadb/mariadb.sock');
      const sql = 'SELECT @@innodb_buffer_pool_size, @@max_connections, @@tmp_table_size';
      const client = ['--no-defaults', '--user=root', `--socket=${socket}`, '-N', '-B', '-e', sql];
      const values = execFileSync(findProgram('mariadb') ?? 'mariadb', client, { encoding: 'utf8' });
      const database = plan.services.find(
        (service): service is PlannedOf<'mariadb'> => service.kind === 'mariadb',
      );
      const { poolBytes, connections, temporaryTableBytes } = database ?? {};
      expect(values.trim().split('\t').map(Number)).toEqual([poolBytes, connections, temporaryTableBytes]);
      const redis = await RedisConnection.open(box.ports.redis);
      const info = await redis.ask(['INFO', 'memory']);
      redis.close();
      const cache = plan.services.find((service): service is PlannedOf<'redis'> => service.kind === 'redis');
      expect(info).toContain(`maxmemory:${cache?.maxMemoryBytes}\r\n`);
    });

    it('stays below its plan, each service and all together', async () => {
      const shoppers = Array.from({ length: 200 }, (_, index) =>
        ask('GET', `/api/products?limit=20&page=${index % 7}`),
      );
      await Promise.allSettled(shoppers);
      const used = box.parts.map(({ service, cgroup }) => {
        const budgetBytes = plan.services.find(({ request: { name } }) => name === service)?.budgetBytes ?? 0;
        const { pss } = treeMemory(cgroup.readPids());
        return { service, pss, isWithin: pss > 0 && pss <= budgetBytes, kills: cgroup.readOomKills() };
      });
      expect(used.filter(({ isWithin, kills }) => !isWithin || kills > 0)).toEqual([]);
      expect(used).toHaveLength(4);
      const sum = used.reduce((total, { pss }) => total + pss, 0);
      expect(sum).toBeLessThan(BOX.memoryBytes - plan.reserveBytes);
      expect(box.cgroup.readOomKills()).toBe(0);
    });
  },
);

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on what they find, whatever its shape.
  json(): any;
}

interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly servername?: string;
}

function address(servername = DOMAIN) {
  return { host: '127.0.0.1', port: box.ports.https, servername };
}

/** As a mini-program calls: with TLS that is checked, by the name of the domain. */
async function ask(method: string, path: string, { token, body, servername }: Call = {}): Promise<Answer> {
  const headers = {
    host: DOMAIN,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const options: RequestOptions = { ...address(servername), ca: certificate(), method, path, headers };
  const sent = request(options);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  const answer = await text(response);
  return { status: response.statusCode, headers: response.headers, json: () => JSON.parse(answer) };
}

function certificate(): string {
  return readFileSync(join(folder, 'fullchain.pem'), 'utf8');
}

/** Whether a request for this was passed on. */
function isInLog(path: string): boolean {
  const lines = readFileSync(join(folder, 'nginx/log/access.log'), 'utf8').split('\n');
  return lines.some((line) => line.includes(path) && line.includes('upstream="127.0.0.1:'));
}
