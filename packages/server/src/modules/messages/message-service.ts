import { errors } from '@maque/contract';
import type { Clock } from '@maque/kit';
import type { SubscribeAnswer, SubscribeEvent } from '@maque/wechat';
import type { DataAccess } from '../../define/data.ts';
import type { RouteLog } from '../../define/route.ts';
import type { Messages, NewMessage } from '../../define/wechat-services.ts';
import type { Database, DatabaseConnection, JobQueue } from '../../ports/index.ts';
import { connectionOf } from '../records/data-access.ts';
import { findAccountOwner, findOpenid } from '../users/account-store.ts';
import { addConsent, endConsent, noteRefusal, remainingConsent, spendConsent } from './consent-store.ts';
import { type CheckedMessage, checkedMessage } from './message-input.ts';
import { claimMessageKey, isMessageKeyKnown } from './message-key-store.ts';
import type { MessageTally } from './message-tally.ts';
import type { TemplateShelf } from './template-shelf.ts';

export interface MessageServiceOptions {
  readonly appId: string;
  readonly database: Database;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly templates: Pick<TemplateShelf, 'kindOf'>;
  readonly tally: MessageTally;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** The name of the jobs that {@link MessageSender} does. */
export const SEND_JOB = 'messages.send';

/** What such a job is about. */
export interface SendPayload extends CheckedMessage {
  /** A right of the user was used up for it in our books. */
  readonly isSpent: boolean;
  /** The app's name for it, under which nothing else is sent. */
  readonly key?: string;
}

/** Subscribe messages as apps see them: who has agreed to what, and what is on its way. */
export class MessageService implements Messages {
  readonly #options: MessageServiceOptions;

  constructor(options: MessageServiceOptions) {
    this.#options = options;
  }

  async send(input: NewMessage, tx?: DataAccess): Promise<'queued' | 'no-consent' | 'known'> {
    const message = checkedMessage(input);
    const { database } = this.#options;
    const send = (connection: DatabaseConnection) => this.#send(connection, message, input.key);
    const connection = tx === undefined ? database : connectionOf(tx);
    return connection === database ? database.transaction(send) : send(connection);
  }

  async accepted(userId: string, templateIds: readonly string[]): Promise<void> {
    await this.answered(
      userId,
      templateIds.map((templateId) => ({ templateId, accepted: true })),
    );
  }

  /** What the user has answered to a pop-up, in the client's words. */
  async answered(userId: string, answers: readonly SubscribeAnswer[]): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      for (const { templateId, accepted } of answers) {
        if (accepted) await addConsent(transaction, { userId, templateId }, 'client');
        else await noteRefusal(transaction, { userId, templateId });
      }
    });
  }

  /** Takes in what WeChat pushes, as part of the transaction that remembers the push: each event counts once. */
  async learn(connection: DatabaseConnection, event: SubscribeEvent): Promise<void> {
    if (event.kind === 'sent') return this.#learnOutcomes(event);
    const { appId } = this.#options;
    const userId = await findAccountOwner(connection, { appId, openid: event.openid });
    // Somebody who has never logged in here.
    if (userId === undefined) return;
    for (const { templateId, accepted } of event.answers) {
      const subscription = { userId, templateId };
      if (accepted) await addConsent(connection, subscription, 'wechat');
      else if (event.kind === 'changed') await endConsent(connection, subscription);
      else await noteRefusal(connection, subscription);
    }
  }

  async #send(
    connection: DatabaseConnection,
    message: CheckedMessage,
    key: string | undefined,
  ): Promise<'queued' | 'no-consent' | 'known'> {
    const { appId, jobs, templates, clock } = this.#options;
    if ((await findOpenid(connection, message.userId, appId)) === undefined) {
      throw errors.WECHAT_USER_UNKNOWN();
    }
    const remaining = await remainingConsent(connection, message);
    if (remaining === 0) {
      // The first message of this key may have used the last right up.
      return key !== undefined && (await isMessageKeyKnown(connection, key)) ? 'known' : 'no-consent';
    }
    if (key !== undefined && !(await claimMessageKey(connection, key, Math.floor(clock.now()))))
      return 'known';
    // Where it is not known that one acceptance is one message, WeChat's answer to the next one tells.
    const isOneTime = (await templates.kindOf(connection, message.templateId)) === 'one-time';
    const isSpent = isOneTime && (await spendConsent(connection, message));
    const payload: SendPayload = { ...message, isSpent, ...(key === undefined ? {} : { key }) };
    await jobs.add({ name: SEND_JOB, payload: { ...payload } }, connection);
    return 'queued';
  }

  #learnOutcomes({ outcomes }: Extract<SubscribeEvent, { kind: 'sent' }>): void {
    const { tally, log } = this.#options;
    for (const outcome of outcomes) {
      if (outcome.errcode === 0) continue;
      tally.note('undelivered');
      log.warn({ ...outcome }, 'a message did not arrive');
    }
  }
}
