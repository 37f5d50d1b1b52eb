import { errors } from '@maque/contract';
import type { Metric } from '@maque/guard';
import { type Bytes, type Clock, CodedError, type Milliseconds, withinLimit } from '@maque/kit';
import { readSubscribeEvent } from '@maque/wechat';
import { type PushQuery, type PushReceiver, pushErrors, type ReceivedPush } from '@maque/wechat/push';
import type { RouteLog } from '../../define/route.ts';
import type { Attention } from '../../logging/attention.ts';
import type { Database, DatabaseConnection, JobQueue } from '../../ports/index.ts';
import type { MessageService } from '../messages/message-service.ts';
import { rememberPush } from './push-store.ts';
import type { RefusalWatch } from './refusal-watch.ts';
import { shippingMatterOf } from './shipping-matters.ts';

export interface PushServiceOptions {
  readonly receiver: PushReceiver;
  readonly database: Database;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly messages: Pick<MessageService, 'learn'>;
  /** Whether the app does anything with pushes. */
  readonly hasHandler: boolean;
  readonly refusals: RefusalWatch;
  /** The largest push that is taken. */
  readonly maxBytes: Bytes;
  readonly attention: Attention;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** The name of the jobs that hand a push to the app. */
export const PUSH_JOB = 'wechat.push';
/** WeChat waits 5 s, and the network needs some of it. */
const LIMIT_MS: Milliseconds = 4_500;

/** Takes what WeChat pushes: believes it, keeps it, and leaves the work to a job. */
export class PushService {
  readonly #options: PushServiceOptions;
  /** By what came of them: an error's code, or a word of ours. */
  readonly #counts = new Map<string, number>();

  constructor(options: PushServiceOptions) {
    this.#options = options;
  }

  /** What the GET of WeChat's console is to be answered with. @throws CodedError of `pushErrors` */
  verifyUrl(query: PushQuery): string {
    try {
      return this.#options.receiver.verifyUrl(query);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /**
   * Takes a push; one that was taken before is as good. When this resolves it is kept.
   * @throws CodedError of `pushErrors`, or DATABASE_BUSY when it could not be kept in time: WeChat sends it again.
   */
  async take(query: PushQuery, body: Uint8Array): Promise<void> {
    const received = this.#read(query, body);
    if (received === undefined) return this.#count('repeated');
    try {
      const late = () => errors.DATABASE_BUSY({ retryAfterSeconds: 1 });
      const isNew = await withinLimit(this.#keep(received), LIMIT_MS, late);
      this.#count(isNew ? 'taken' : 'repeated');
    } catch (error) {
      this.#options.receiver.release(received);
      throw this.#refused(error);
    }
  }

  metrics(): Metric[] {
    const samples = Array.from(this.#counts, ([result, value]) => ({ labels: { result }, value }));
    return [{ type: 'counter', name: 'maque_pushes_total', help: 'Pushes of WeChat by result', samples }];
  }

  /** The message, or undefined when this very request was taken before. */
  #read(query: PushQuery, body: Uint8Array): ReceivedPush | undefined {
    try {
      return this.#options.receiver.read({ query, body });
    } catch (error) {
      if (error instanceof CodedError && error.code === 'WECHAT_PUSH_REPEATED') return undefined;
      throw this.#refused(error);
    }
  }

  /** Answers false when it was taken before. All that follows from it is kept with it, or none. */
  #keep(received: ReceivedPush): Promise<boolean> {
    const { database, messages, hasHandler, attention, clock } = this.#options;
    const { delivery, ...message } = received;
    const nowMs = Math.floor(clock.now());
    return database.transaction(async (transaction) => {
      if (!(await rememberPush(transaction, message.key, nowMs))) return false;
      // A plain message is not covered by its signature, and the receiver remembers only what this process has seen.
      const use = `signature:${delivery.signature}`;
      if (!delivery.encrypted && !(await rememberPush(transaction, use, nowMs))) {
        throw pushErrors.WECHAT_PUSH_REPLAYED();
      }
      const event = readSubscribeEvent(message);
      if (event !== null) await messages.learn(transaction, event);
      const matter = shippingMatterOf(message);
      if (matter !== null) transaction.afterCommit(() => attention(matter));
      if (hasHandler) await this.#addJob({ message }, transaction);
      return true;
    });
  }

  async #addJob(payload: Readonly<Record<string, unknown>>, connection: DatabaseConnection): Promise<void> {
    try {
      await this.#options.jobs.add({ name: PUSH_JOB, payload }, connection);
    } catch (error) {
      // WeChat gives up after three tries, and the push is gone.
      if (error instanceof CodedError && error.code === 'JOB_QUEUE_FULL') this.#options.attention(error);
      if (error instanceof RangeError) {
        const { maxBytes } = this.#options;
        throw pushErrors.WECHAT_PUSH_TOO_LARGE({ data: { maxBytes }, cause: error });
      }
      throw error;
    }
  }

  /** Counts and logs why a push was not taken, and tells an operator of what lasts. Answers the error. */
  #refused(error: unknown): unknown {
    const { refusals, attention, log } = this.#options;
    const isRefusal = error instanceof CodedError && error.code in pushErrors;
    this.#count(isRefusal ? error.code : 'failed');
    // Other faults are logged where they are answered.
    if (!isRefusal) return error;
    log.warn({ code: error.code, ...error.data }, 'a push was refused');
    if (refusals.note(error.code)) attention(error);
    return error;
  }

  #count(result: string): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }
}
