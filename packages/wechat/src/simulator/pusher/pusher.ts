import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, KiB, type Milliseconds, RingBuffer, SECOND } from '@maque/kit';
import type { PushFields } from '../../push/index.ts';
import type { Faults } from '../faults.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import { beginningOf } from '../own-text.ts';
import { type HttpOutcome, type HttpRequest, sendHttp } from '../send-http.ts';
import type { Forgery } from './forgeries.ts';
import { openReply } from './open-reply.ts';
import { completeFields, inWechatShape } from './push-shape.ts';
import type { ResolvedPushTarget } from './push-target.ts';
import type { PushTry } from './push-try.ts';
import { type SealedPush, sealPush, sealUrlCheck } from './seal-push.ts';

// WeChat's numbers: how long a server may take, and how often it is tried.
const TIMEOUT: Milliseconds = 5 * SECOND;
const MOST_TRIES = 3;
// Between tries; WeChat does not tell its own.
const RETRY_DELAY: Milliseconds = 1 * SECOND;

// The longest replies to users are some kilobytes.
const MAX_REPLY: Bytes = 64 * KiB;

// What somebody scrolls through; 0.4 MiB when all three replies of each are of the longest.
const REMEMBERED = 100;
const MOST_AT_ONCE = 8;
// Of the smallest they weigh 1 MiB; who sends more has a server that does not answer.
const MOST_WAITING = 1_000;

/** What became of a push. */
export interface SimulatorPush {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The event, or the kind of a user's message. */
  readonly event: string;
  readonly mode: ResolvedPushTarget['mode'];
  readonly format: ResolvedPushTarget['format'];
  readonly forgery: Forgery | null;
  readonly state: 'waiting' | 'delivered' | 'refused' | 'lost';
  readonly tries: readonly PushTry[];
}

export interface PushOptions {
  /** Sends it as somebody else would, or when it is too late. */
  readonly forgery?: Forgery;
  /** Delivers the same message so many times, as WeChat does when it misses an answer: 1 unless told, at most 10. */
  readonly times?: number;
}

interface PusherOptions {
  readonly appId: string;
  readonly clock: SimulatorClock;
  readonly faults: Faults;
  /** 5 s unless told. */
  readonly timeoutMs?: Milliseconds;
  /** 1 s unless told. */
  readonly retryDelayMs?: Milliseconds;
}

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] };
type Delivery = Writable<Omit<SimulatorPush, 'tries'>> & { tries: PushTry[] };

/** Sends pushes to a server as WeChat does: checks the URL first, waits 5 s, tries three times. */
export class Pusher {
  readonly #options: PusherOptions;
  readonly #pushes = new RingBuffer<Delivery>(REMEMBERED);
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #count = 0;
  #target: ResolvedPushTarget | undefined;
  #urlChecked = false;
  #stop = new AbortController();

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  get target(): ResolvedPushTarget | undefined {
    return this.#target;
  }

  set target(target: ResolvedPushTarget | undefined) {
    this.#target = target;
    this.#urlChecked = false;
  }

  /** The last 100, oldest first. */
  list(): SimulatorPush[] {
    return [...this.#pushes].map((push) => ({ ...push, tries: [...push.tries] }));
  }

  /**
   * Sends a message, and resolves when the server has it or the tries are used up; null without a target. Never rejects.
   * Who it is from and to, and when, is filled in where the fields do not say it.
   */
  async push(
    given: PushFields,
    options: PushOptions & { readonly openid?: string } = {},
  ): Promise<SimulatorPush | null> {
    const target = this.#target;
    if (target === undefined) return null;
    const { appId, clock } = this.#options;
    const fields = completeFields(given, appId, clock.told(), options.openid);
    const delivery = this.#begin(fields, target, options.forgery);
    if (this.#waiting.length >= MOST_WAITING) {
      delivery.state = 'lost';
      return delivery;
    }
    await new Promise<void>((done) => {
      this.#waiting.push(() =>
        this.#deliver(delivery, fields, target, options)
          .catch((error: unknown) => failed(delivery, error))
          .finally(done),
      );
      this.#work();
    });
    return { ...delivery };
  }

  /** As {@link push}, for what WeChat does on its own: nobody waits for it. */
  pushLater(fields: PushFields, openid: string): void {
    void this.push(fields, { openid });
  }

  /** The request that WeChat makes before it takes an address. */
  async checkUrl(): Promise<PushTry | null> {
    const target = this.#target;
    if (target === undefined) return null;
    const { url, echo } = sealUrlCheck(target, this.#options.clock.told());
    const outcome = await this.#send({ url, method: 'GET' });
    const text = outcome.body.toString('utf8');
    const ok = outcome.status === 200 && text === echo;
    this.#urlChecked ||= ok && target === this.#target;
    return { ...tryOf(outcome, beginningOf(text, 100)), ok, what: 'url-check' };
  }

  /** Ends what is under way when the simulator is closed. */
  get closing(): AbortSignal {
    return this.#stop.signal;
  }

  /** After a `close`. */
  open(): void {
    if (this.#stop.signal.aborted) this.#stop = new AbortController();
  }

  /** Breaks what is under way; what waits ends without being sent. */
  close(): void {
    this.#stop.abort();
  }

  #begin(fields: PushFields, target: ResolvedPushTarget, forgery: Forgery | undefined): Delivery {
    this.#count += 1;
    const delivery: Delivery = {
      id: this.#count,
      at: new Date(this.#options.clock.told()).toISOString(),
      event: beginningOf(String(fields.Event ?? fields.MsgType ?? ''), 64),
      mode: target.mode,
      format: target.format,
      forgery: forgery ?? null,
      state: 'waiting',
      tries: [],
    };
    this.#pushes.push(delivery);
    return delivery;
  }

  #work(): void {
    while (this.#running < MOST_AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      void next().finally(() => {
        this.#running -= 1;
        this.#work();
      });
    }
  }

  async #deliver(
    delivery: Delivery,
    fields: PushFields,
    target: ResolvedPushTarget,
    options: PushOptions,
  ): Promise<void> {
    const hazard = this.#options.faults.takePush(delivery.event);
    delivery.forgery = options.forgery ?? hazard.forgery ?? null;
    if (hazard.delayMs > 0) await this.#pause(hazard.delayMs);
    if (hazard.lost) {
      delivery.state = 'lost';
      return;
    }
    if (!(await this.#assertUrl(delivery))) return;
    const { appId, clock } = this.#options;
    const shaped = inWechatShape(fields);
    for (let time = 0; time < Math.max(options.times ?? 1, hazard.times); time += 1) {
      await this.#try(delivery, target, () =>
        sealPush(target, appId, shaped, clock.told(), delivery.forgery),
      );
    }
  }

  /** Tries until the server takes it; a forgery is tried once, for its refusal is what is wanted. */
  async #try(delivery: Delivery, target: ResolvedPushTarget, seal: () => SealedPush): Promise<void> {
    const { forgery } = delivery;
    const most = forgery === null || forgery === 'replay' ? MOST_TRIES : 1;
    for (let tries = 1; tries <= most; tries += 1) {
      const sealed = seal();
      const first = await this.#sendSealed(sealed, target);
      delivery.tries.push(first);
      if (first.ok && forgery === 'replay') delivery.tries.push(await this.#sendSealed(sealed, target));
      delivery.state = first.ok ? 'delivered' : 'refused';
      if (first.ok || this.#stop.signal.aborted) return;
      if (tries < most) await this.#pause(this.#options.retryDelayMs ?? RETRY_DELAY);
    }
  }

  async #assertUrl(delivery: Delivery): Promise<boolean> {
    if (this.#urlChecked) return true;
    const check = await this.checkUrl();
    if (check === null || check.ok) return check !== null;
    delivery.tries.push(check);
    delivery.state = 'refused';
    return false;
  }

  async #sendSealed(sealed: SealedPush, target: ResolvedPushTarget): Promise<PushTry> {
    const { url, contentType, body } = sealed;
    const outcome = await this.#send({ url, method: 'POST', headers: { 'content-type': contentType }, body });
    const reply = openReply(outcome.body.toString('utf8'), target, this.#options.appId);
    return { ...tryOf(outcome, reply), ok: outcome.status === 200, what: 'push' };
  }

  #send(request: HttpRequest): Promise<HttpOutcome> {
    const timeoutMs = this.#options.timeoutMs ?? TIMEOUT;
    return sendHttp(request, { timeoutMs, maxBytes: MAX_REPLY, signal: this.#stop.signal });
  }

  /** Ends at once when the simulator is closed. */
  async #pause(ms: Milliseconds): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.#stop.signal }).catch(() => undefined);
  }
}

function tryOf({ ms, status, error }: HttpOutcome, reply: string): Omit<PushTry, 'ok' | 'what'> {
  return { ms, status, error, reply };
}

/** What cannot be written as WeChat would write it, such as fields that are no names of XML elements. */
function failed(delivery: Delivery, error: unknown): void {
  const reason = beginningOf(String(error), 100);
  delivery.tries.push({ what: 'push', ok: false, ms: 0, status: null, error: reason, reply: '' });
  delivery.state = 'lost';
}
