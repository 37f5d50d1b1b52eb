import { DAY, HOUR, MINUTE, type Milliseconds } from '@maque/kit';
import { createPushReceiver, type PushMessage } from '@maque/wechat/push';
import type { WechatServices } from '../../define/wechat-services.ts';
import type { Foundation } from '../../foundation.ts';
import type { Job } from '../../ports/index.ts';
import type { MessageService } from '../messages/message-service.ts';
import { MOST_PUSH_BYTES } from './push-routes.ts';
import { PUSH_JOB, PushService } from './push-service.ts';
import { forgetPushes } from './push-store.ts';
import { RefusalWatch } from './refusal-watch.ts';

export interface CreatePushOptions
  extends Pick<Foundation, 'app' | 'records' | 'database' | 'jobs' | 'attention' | 'log' | 'clock'> {
  readonly appId: string;
  readonly token: string;
  readonly encodingAesKey: string | undefined;
  readonly messages: MessageService;
  readonly services: WechatServices;
}

/** WeChat repeats within seconds, and a signature is believed for five minutes. */
const KEPT_MS: Milliseconds = DAY;
/** What apps do with pushes asks other servers: two at once hold up neither each other nor the worker. */
const HANDLED_AT_ONCE = 2;

/** Message push put together: what it believes, keeps, and hands to the app. @throws TypeError for a token or key that is none. */
export function createPush(options: CreatePushOptions): PushService {
  const { app, appId, token, encodingAesKey, records, database, jobs, services, log, clock } = options;
  const maxBytes = MOST_PUSH_BYTES;
  const receiver = createPushReceiver({
    ...{ appId, token, maxBytes, clock },
    ...(encodingAesKey === undefined ? {} : { encodingAesKey }),
  });
  const { onPush } = app.wechat;
  if (onPush !== undefined) {
    const context = { db: records.data, wechat: services, log };
    const handle = (job: Job, signal: AbortSignal) =>
      onPush(job.payload.message as PushMessage, { ...context, signal });
    jobs.handle(PUSH_JOB, handle, { concurrency: HANDLED_AT_ONCE, timeoutMs: MINUTE });
  }
  jobs.every('wechat.forget-pushes', HOUR, () => forgetPushes(database, clock.now() - KEPT_MS));
  const refusals = new RefusalWatch(clock);
  return new PushService({ ...options, receiver, refusals, maxBytes, hasHandler: onPush !== undefined });
}
