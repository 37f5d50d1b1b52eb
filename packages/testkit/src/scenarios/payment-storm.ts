import { randomInt } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { createSimulator, type PayBehaviour, type Simulator } from '@maque/wechat/simulator';
import { callApi, logIn } from '../process/api-client.ts';
import { freePort } from '../process/free-port.ts';
import { type RunningMaque, startMaque, statusOf } from '../process/start-maque.ts';
import { tempFolder } from '../process/temp-folder.ts';
import { compareBooks, readBooks } from './payment-books.ts';

export interface PaymentStormOptions {
  /** How many orders are placed; nearly nine of ten are paid. */
  readonly orders: number;
  /** Buyers who shop at the same time. */
  readonly buyers: number;
  /** A worker is killed so often. */
  readonly killEveryMs: Milliseconds;
  /** How WeChat Pay behaves. */
  readonly behaviour: Partial<PayBehaviour>;
  /** How long what did not arrive may take to be found out. */
  readonly settleMs: Milliseconds;
  readonly onProgress?: (placed: number) => void;
}

export interface PaymentStormOutcome {
  readonly placed: number;
  readonly paid: number;
  /** Refunds that WeChat Pay has paid out. */
  readonly refunded: number;
  readonly kills: number;
  /** Calls of buyers that were sent again because their worker died. */
  readonly repeatedCalls: number;
  readonly deliveries: Simulator['pay']['counts'];
  /** Where the shop's books and WeChat Pay's differ; empty when all is right. */
  readonly differences: readonly string[];
}

// Of ten buyers one closes the window and never comes back, and of ten who paid one gets the money back.
const SHARE_PAID = 0.9;
const SHARE_REFUNDED = 0.1;

// A place whose worker died twice within a minute is filled again seconds later.
const PATIENCE_MS: Milliseconds = 60_000;

/**
 * Lets buyers order and pay in the shop while notifications are lost, repeated, reordered and forged and workers are killed;
 * then compares the shop's books with WeChat Pay's.
 * @throws Error when a buyer gets an answer that a shop must not give.
 */
export async function payInAStorm(options: PaymentStormOptions): Promise<PaymentStormOutcome> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await tempFolder());
  const simulator = createSimulator({
    appId: 'wx-storm',
    secret: 'storm',
    merchant: { maxRecords: 4 * options.orders, behaviour: options.behaviour },
  });
  const baseUrl = await simulator.listen();
  opened.defer(() => simulator.close());
  const shop = opened.use(await startShop(simulator, baseUrl, folder.path));
  const storm = new Storm(shop, simulator, options);
  await storm.run();
  const differences = await settledDifferences(shop, simulator, options.settleMs);
  const refunded = simulator.pay.refunds.filter(({ status }) => status === 'SUCCESS').length;
  return { ...storm.counts, refunded, deliveries: simulator.pay.counts, differences };
}

async function startShop(simulator: Simulator, baseUrl: string, folder: string): Promise<RunningMaque> {
  const { mchId, serial, privateKeyPem, apiV3Key, publicKeyId, publicKeyPem } = simulator.pay.credentials();
  const keys = join(folder, 'keys');
  await mkdir(keys, { mode: 0o700 });
  const keyFile = async (name: string, text: string) => {
    const path = join(keys, name);
    await writeFile(path, text, { mode: 0o600 });
    await chmod(path, 0o600);
    return path;
  };
  const port = await freePort();
  return startMaque({
    dataDir: join(folder, 'data'),
    port,
    args: ['--workers', '2'],
    env: {
      MAQUE_WECHAT_APP_ID: 'wx-storm',
      MAQUE_WECHAT_SECRET: 'storm',
      MAQUE_WECHAT_BASE_URL: baseUrl,
      MAQUE_PAY_BASE_URL: baseUrl,
      MAQUE_PAY_MCH_ID: mchId,
      MAQUE_PAY_SERIAL: serial,
      MAQUE_PAY_KEY_FILE: await keyFile('merchant.pem', privateKeyPem),
      MAQUE_PAY_API_V3_KEY: apiV3Key,
      MAQUE_PAY_PUBLIC_KEY_ID: publicKeyId,
      MAQUE_PAY_PUBLIC_KEY_FILE: await keyFile('public.pem', publicKeyPem),
      MAQUE_PUBLIC_URL: `http://127.0.0.1:${port}`,
    },
  });
}

/** Buyers, an admin who gives money back, and whoever kills workers. */
class Storm {
  readonly #shop: RunningMaque;
  readonly #simulator: Simulator;
  readonly #options: PaymentStormOptions;
  #placed = 0;
  #paid = 0;
  #kills = 0;
  #repeatedCalls = 0;
  #adminToken = '';

  constructor(shop: RunningMaque, simulator: Simulator, options: PaymentStormOptions) {
    this.#shop = shop;
    this.#simulator = simulator;
    this.#options = options;
  }

  get counts() {
    return {
      placed: this.#placed,
      paid: this.#paid,
      kills: this.#kills,
      repeatedCalls: this.#repeatedCalls,
    };
  }

  async run(): Promise<void> {
    const { buyers } = this.#options;
    this.#adminToken = await this.#becomeAdmin();
    const over = new AbortController();
    const killing = this.#killWorkers(over.signal);
    try {
      await Promise.all(Array.from({ length: buyers }, (_, buyer) => this.#shopAs(`demo-${buyer}`)));
    } finally {
      over.abort();
      await killing;
    }
  }

  async #shopAs(name: string): Promise<void> {
    const token = await this.#again(() => logIn(this.#shop.url, name));
    while (this.#placed < this.#options.orders) {
      this.#placed += 1;
      if (this.#placed % 100 === 0) this.#options.onProgress?.(this.#placed);
      await this.#buy(token);
    }
  }

  async #buy(token: string): Promise<void> {
    const productId = `p${String(randomInt(1, 1_001)).padStart(4, '0')}`;
    const order = await this.#call('/api/orders', token, { items: [{ productId, quantity: 1 }] }, [201, 409]);
    if (order.status === 409) return;
    const { id } = order.json();
    const parameters = await this.#call(`/api/orders/${id}/pay`, token, {}, [200]);
    if (Math.random() >= SHARE_PAID) return;
    this.#simulator.pay.payWith(parameters.json());
    this.#paid += 1;
    if (Math.random() < SHARE_REFUNDED) await this.#refund(id, token);
  }

  /** As soon as the shop knows of the payment, by a notification or because the buyer asks. */
  async #refund(orderId: string, token: string): Promise<void> {
    const order = await this.#call(`/api/orders/${orderId}/refresh`, token, {}, [200]);
    if (order.json().status !== 'paid') throw new Error(`an order that was paid is ${order.json().status}`);
    // Again and again, as impatient staff do: it is one refund.
    for (let time = 0; time < 2; time += 1) {
      await this.#call(`/api/orders/${orderId}/refund`, this.#adminToken, {}, [204, 409]);
    }
  }

  async #call(path: string, token: string, body: object, expected: readonly number[]) {
    return this.#again(async () => {
      const answer = await callApi(this.#shop.url, path, { token, body });
      // While its worker dies or comes up a server may ask for patience.
      if (answer.status === 503 || answer.status === 502) throw new TypeError('busy');
      if (!expected.includes(answer.status))
        throw new Error(`${path} answers ${answer.status}: ${answer.text}`);
      return answer;
    });
  }

  /** What a client does whose connection breaks, or who is asked for patience: once more. */
  async #again<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const endsAt = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof TypeError) || performance.now() > endsAt) throw error;
        this.#repeatedCalls += 1;
        await sleep(50);
      }
    }
  }

  async #killWorkers(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#options.killEveryMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const { processes } = await statusOf(this.#shop);
      const workers = processes.filter(({ role, state }) => role === 'worker' && state === 'ready');
      // The other one goes on.
      const victim = workers.length > 1 ? workers[this.#kills % workers.length] : undefined;
      if (victim === undefined) continue;
      process.kill(victim.pid, 'SIGKILL');
      this.#kills += 1;
    }
  }

  async #becomeAdmin(): Promise<string> {
    await this.#shop.process.line(/Ctrl-C/);
    const link = this.#shop.adminLink?.split('#link=')[1];
    const body = { link, name: 'anna', password: 'correct horse battery' };
    const answer = await callApi(this.#shop.url, '/api/admin/claim', { body });
    if (answer.status !== 200) throw new Error(`no admin: ${answer.text}`);
    return answer.json().token;
  }
}

/** What lost notifications did not tell is asked for a minute later, so the books may take their time. */
async function settledDifferences(
  shop: RunningMaque,
  { pay }: Simulator,
  settleMs: Milliseconds,
): Promise<readonly string[]> {
  const endsAt = performance.now() + settleMs;
  for (;;) {
    const differences = compareBooks(readBooks(join(shop.dataDir, 'maque.db')), pay.payments, pay.refunds);
    if (differences.length === 0 || performance.now() > endsAt) return differences;
    await sleep(500);
  }
}
