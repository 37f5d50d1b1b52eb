import type { Metric } from '@maque/guard';
import { DAY, HOUR, type Milliseconds } from '@maque/kit';
import type { WechatClient } from '@maque/wechat';
import type { Foundation } from '../../foundation.ts';
import { forgetMessageKeys } from './message-key-store.ts';
import { MessageSender, MOST_TRIES, SEND_TIMEOUT_MS } from './message-sender.ts';
import { MessageService, SEND_JOB } from './message-service.ts';
import { MessageTally } from './message-tally.ts';
import { TemplateShelf } from './template-shelf.ts';

/** Messages as the rest of the server knows them. */
export interface MessagesModule {
  readonly messages: MessageService;
  metrics(): Metric[];
}

/** WeChat answers within some 100 ms: 4 at once are 40 messages a second from each worker. */
const SENDS_AT_ONCE = 4;
/** How long a key is remembered. What is sent a month later is another message, whatever its key. */
const KEYS_KEPT_MS: Milliseconds = 30 * DAY;

/** Puts messages together, and gives the job queue the work of sending them. */
export function createMessages(
  wechat: WechatClient,
  { database, jobs, log, clock }: Pick<Foundation, 'database' | 'jobs' | 'log' | 'clock'>,
): MessagesModule {
  const tally = new MessageTally();
  const templates = new TemplateShelf({ wechat, database, log, clock });
  const sender = new MessageSender({ wechat, database, templates, tally, clock });
  const options = { concurrency: SENDS_AT_ONCE, timeoutMs: SEND_TIMEOUT_MS, maxAttempts: MOST_TRIES };
  jobs.handle(SEND_JOB, (job) => sender.send(job), options);
  jobs.every('messages.forget-keys', HOUR, () => forgetMessageKeys(database, clock.now() - KEYS_KEPT_MS));
  return {
    messages: new MessageService({ appId: wechat.appId, database, jobs, templates, tally, log, clock }),
    metrics: () => tally.metrics(),
  };
}
