import type { Guard } from '@maque/guard';
import type { LineBuffer } from '@maque/keeper/log-file';
import type { WorkerLink } from '@maque/keeper/worker-link';
import type { Clock } from '@maque/kit';
import type { WechatClient } from '@maque/wechat';
import type { DataFolder } from './config/data-folder.ts';
import type { Secrets } from './config/secrets.ts';
import type { ServerSettings } from './config/settings-table.ts';
import type { App } from './define/app.ts';
import type { WechatServices } from './define/wechat-services.ts';
import type { Pace } from './http/pace.ts';
import type { Attention } from './logging/attention.ts';
import type { Logger } from './logging/logger.ts';
import type { MessagesModule } from './modules/messages/create-messages.ts';
import type { PaymentsModule } from './modules/payments/create-payments.ts';
import type { PushService } from './modules/push/push-service.ts';
import type { QueryWatch } from './modules/records/query-watch.ts';
import type { Records } from './modules/records/records.ts';
import type { WechatMeter } from './modules/wechat/wechat-meter.ts';
import type {
  Database,
  FileStore,
  JobQueue,
  KeyValue,
  MessageBus,
  OptionalWork,
  PictureShrinker,
} from './ports/index.ts';

export interface ComposeOptions {
  readonly app: App;
  readonly settings: ServerSettings;
  readonly link: WorkerLink;
  /** Of the server, for `/openapi.json`. */
  readonly version: string;
  /** What tells this release of the app from others; null when nobody knows. */
  readonly release: string | null;
  /** The built console; without it `/_/` says that there is none. */
  readonly consoleDir: string | undefined;
  readonly clock: Clock;
}

/** What everything else stands on. */
export interface Foundation extends ComposeOptions {
  readonly folder: DataFolder;
  readonly secrets: Secrets;
  readonly lines: LineBuffer;
  readonly log: Logger;
  readonly attention: Attention;
  readonly guard: Guard;
  readonly database: Database;
  readonly records: Records;
  readonly queries: QueryWatch;
  readonly files: FileStore;
  readonly pictures: PictureShrinker;
  readonly keyValue: KeyValue;
  readonly bus: MessageBus;
  readonly pace: Pace;
  /** Asked before expanding, counting and making thumbnails. */
  readonly optional: OptionalWork;
  /** Work for later. Handlers are added while the server is put together; it begins when the server listens. */
  readonly jobs: JobQueue;
  /** Null when there is no AppID. */
  readonly wechat: WechatClient | null;
  /** Of each mini-program whose users log in here, the one above first. */
  readonly wechatApps: readonly WechatClient[];
  readonly wechatMeter: WechatMeter;
  /** Null when there is no AppID. */
  readonly messages: MessagesModule | null;
  /** Null when there is no merchant account. */
  readonly payments: PaymentsModule | null;
  /** What app code gets of WeChat. */
  readonly services: WechatServices;
  /** Null when nothing is to be received. */
  readonly pushes: PushService | null;
}
