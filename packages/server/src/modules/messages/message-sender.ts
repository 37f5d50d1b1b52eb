import { type Clock, DAY, type Milliseconds, SECOND } from '@maque/kit';
import type { WechatClient } from '@maque/wechat';
import { type Database, HopelessJobError, type Job, PostponedJobError } from '../../ports/index.ts';
import { findOpenid } from '../users/account-store.ts';
import { endConsent, returnConsent } from './consent-store.ts';
import type { CheckedMessage } from './message-input.ts';
import { releaseMessageKey } from './message-key-store.ts';
import type { SendPayload } from './message-service.ts';
import type { MessageTally } from './message-tally.ts';
import { jobErrorOf, mayHaveArrived } from './send-failure.ts';
import type { TemplateShelf } from './template-shelf.ts';
import { endTurn, takeTurn } from './turn-store.ts';

export interface MessageSenderOptions {
  readonly wechat: WechatClient;
  readonly database: Database;
  readonly templates: TemplateShelf;
  readonly tally: MessageTally;
  readonly clock: Clock;
}

/** A job's: two tries of 5 s, a second between them, and a token that must be fetched first. */
export const SEND_TIMEOUT_MS: Milliseconds = 30 * SECOND;
/** With the delays between them 13 to 27 minutes: what lasts longer is for an operator. */
export const MOST_TRIES = 12;
/** News of older things confuses: quotas come back every day, so one that waits longer has met something else. */
const MOST_AGE_MS: Milliseconds = 3 * DAY;
/** When another message is on its way to the same user. */
const NEXT_TURN_MS: Milliseconds = SECOND;

/** Sends messages, one at a time to each user. */
export class MessageSender {
  readonly #options: MessageSenderOptions;

  constructor(options: MessageSenderOptions) {
    this.#options = options;
  }

  /** Does a job of {@link MessageService.send}. @throws HopelessJobError, PostponedJobError, or why this try failed. */
  async send(job: Job): Promise<void> {
    const { database, tally } = this.#options;
    const payload = job.payload as unknown as SendPayload;
    try {
      await this.#attempt(job, payload);
    } catch (thrown) {
      const error = jobErrorOf(thrown);
      // Whatever its number, a try that is put off is not the last.
      if (error instanceof PostponedJobError) throw error;
      tally.note('failed');
      const isFinal = error instanceof HopelessJobError || job.attempt >= MOST_TRIES;
      // WeChat has not counted it. To think that a user has one right too many is put right by WeChat's next answer;
      // one too few would never be.
      if (isFinal && payload.isSpent) await returnConsent(database, payload);
      // What was surely not sent may be sent under its key, once whatever was wrong is put right.
      if (isFinal && payload.key !== undefined && !mayHaveArrived(thrown)) {
        await releaseMessageKey(database, payload.key);
      }
      throw error;
    }
  }

  async #attempt(job: Job, message: SendPayload): Promise<void> {
    const { wechat, database, clock } = this.#options;
    const nowMs = clock.now();
    if (nowMs - job.createdAtMs > MOST_AGE_MS) {
      throw new HopelessJobError('it has waited for more than three days');
    }
    const openid = await findOpenid(database, message.userId, wechat.appId);
    if (openid === undefined) throw new HopelessJobError('the user is gone');
    const untilMs = nowMs + SEND_TIMEOUT_MS;
    if (!(await takeTurn(database, message.userId, untilMs, nowMs))) {
      throw new PostponedJobError('another message is on its way to this user', NEXT_TURN_MS);
    }
    try {
      await this.#sendTo(openid, message);
    } finally {
      // A turn ends by itself as well: what was sent must not be sent again because this fails.
      await endTurn(database, message.userId, untilMs).catch(() => {});
    }
  }

  async #sendTo(openid: string, { userId, templateId, data, page }: CheckedMessage): Promise<void> {
    const { wechat, database, templates, tally } = this.#options;
    const template = await templates.find(templateId);
    const { status } = await wechat.messages.send({
      ...{ openid, templateId, data },
      ...(page === undefined ? {} : { page }),
      ...(template === undefined ? {} : { template }),
    });
    tally.note(status);
    if (status === 'no-consent') await endConsent(database, { userId, templateId });
  }
}
