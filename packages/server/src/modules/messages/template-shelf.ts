import { type Clock, HOUR, MINUTE, type Milliseconds } from '@maque/kit';
import type { SubscribeTemplate, WechatClient } from '@maque/wechat';
import type { RouteLog } from '../../define/route.ts';
import type { Database, DatabaseConnection } from '../../ports/index.ts';

export interface TemplateShelfOptions {
  readonly wechat: WechatClient;
  readonly database: Database;
  readonly log: RouteLog;
  readonly clock: Clock;
}

interface TemplateRow {
  readonly content: string;
  readonly fetchedAt: number;
}

const FIND = 'select content, fetchedAt from maque_message_templates where id = ?';
const KIND = 'select kind from maque_message_templates where id = ?';
const CLEAR = 'delete from maque_message_templates where fetchedAt <= ?';
const INSERT = 'insert into maque_message_templates (id, kind, content, fetchedAt) values (?, ?, ?, ?)';
/** Templates change when somebody edits them in WeChat's console: some times a year. */
const GOOD_FOR_MS: Milliseconds = HOUR;
/** After a fetch that did not bring a template, or failed, there is none before this: WeChat counts calls. */
const ASK_AGAIN_MS: Milliseconds = 5 * MINUTE;

/** The mini-program's templates, shared by all workers. */
export class TemplateShelf {
  readonly #options: TemplateShelfOptions;
  #askedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: TemplateShelfOptions) {
    this.#options = options;
  }

  /** Whether one acceptance is one message; undefined when nobody has asked WeChat yet. */
  async kindOf(
    connection: DatabaseConnection,
    templateId: string,
  ): Promise<SubscribeTemplate['kind'] | undefined> {
    const rows = await connection.all<Pick<SubscribeTemplate, 'kind'>>({
      sql: KIND,
      parameters: [templateId],
    });
    return rows[0]?.kind;
  }

  /** A template, fetched if it must be; undefined when WeChat does not tell: then WeChat judges the message. */
  async find(templateId: string): Promise<SubscribeTemplate | undefined> {
    const { clock } = this.#options;
    const known = await this.#read(templateId);
    if (known !== undefined && clock.now() - known.fetchedAt < GOOD_FOR_MS) return templateOf(known);
    if (clock.monotonic() - this.#askedAtMs >= ASK_AGAIN_MS) {
      this.#askedAtMs = clock.monotonic();
      await this.#fetch();
    }
    const row = await this.#read(templateId);
    return row === undefined ? undefined : templateOf(row);
  }

  async #read(templateId: string): Promise<TemplateRow | undefined> {
    const { database } = this.#options;
    return (await database.all<TemplateRow>({ sql: FIND, parameters: [templateId] }))[0];
  }

  async #fetch(): Promise<void> {
    const { wechat, database, log, clock } = this.#options;
    try {
      const templates = await wechat.messages.templates();
      const nowMs = clock.now();
      await database.transaction(async (transaction) => {
        await transaction.run({ sql: CLEAR, parameters: [nowMs] });
        for (const template of templates) {
          const parameters = [template.id, template.kind, JSON.stringify(template), nowMs];
          await transaction.run({ sql: INSERT, parameters });
        }
      });
    } catch (error) {
      log.warn({ err: error }, 'the templates of messages could not be had; WeChat judges by itself');
    }
  }
}

function templateOf({ content }: TemplateRow): SubscribeTemplate {
  return JSON.parse(content) as SubscribeTemplate;
}
