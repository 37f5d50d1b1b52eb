import { errors, limits } from '@maque/contract';
import type { Milliseconds } from '@maque/kit';
import type { Condition } from '../../define/condition.ts';
import { conditionOf } from '../../define/read-where.ts';
import type { AnyWhere } from '../../define/rules.ts';
import type { Identity } from '../../ports/identity.ts';
import type { OptionalWork } from '../../ports/optional-work.ts';
import { metersOfHaversine } from '../records/geo-circle.ts';
import { DISTANCE, rowValue } from '../records/list-order.ts';
import type { Selection } from '../records/list-sql.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';
import { conditionOfAccess } from './access.ts';
import { BoundedPages, type Row } from './bounded-page.ts';
import type { CollectionAccess } from './collection-access.ts';
import type { CursorSigner } from './cursor-signer.ts';
import { type ExpandPlan, parseExpand } from './expand-plan.ts';
import { type Call, type HookDeps, hookContext } from './hook-context.ts';
import { type ListQuery, parseFields, parseListQuery, type RawListQuery } from './list-query.ts';
import { PageWriter } from './page-writer.ts';
import type { RecordAnswers } from './record-answers.ts';
import { tagOfAnswer, tagOfVersion } from './record-version.ts';
import type { AnswerShape } from './record-view.ts';
import { callerIdOf } from './standing.ts';
import { wireScope } from './wire-scope.ts';

export interface RecordReaderOptions extends HookDeps {
  readonly model: RecordModel;
  readonly accessOf: (model: RecordModel) => CollectionAccess;
  readonly answers: RecordAnswers;
  readonly signer: CursorSigner;
  readonly optional: OptionalWork;
}

/** A record as JSON text. */
export interface ReadRecord {
  readonly text: string;
  /** Begins with its version. */
  readonly etag: string;
}

type OptionalPart = 'expand' | 'count';

// A worker answers nobody else meanwhile: three times the p95 that a server aims for, and time to read some 500,000
// records that no index leads to.
const CHOSEN_MAX_MS: Milliseconds = 1_000;
const NO_PLAN: ExpandPlan = new Map();

/** What callers may see of one collection. Answers are JSON text. */
export class RecordReader {
  readonly model: RecordModel;
  readonly #options: RecordReaderOptions;
  readonly #access: CollectionAccess;
  readonly #pages: BoundedPages;
  /** By shape: those of whole records are kept with what the rules let their callers see. */
  readonly #pageWriters = new WeakMap<AnswerShape, PageWriter>();
  readonly #recordWriters = new WeakMap<AnswerShape, PageWriter>();
  readonly #versionAt: number;

  constructor(options: RecordReaderOptions) {
    this.model = options.model;
    this.#options = options;
    this.#access = options.accessOf(options.model);
    this.#pages = new BoundedPages(options.records.session, options.model, options.signer);
    this.#versionAt = options.model.columnNames.indexOf('updatedAt');
  }

  /**
   * One page. @param work what may be left out when the server is busy, asked of the server's own unless told.
   * @throws CodedError AUTH_REQUIRED, FORBIDDEN, and of the query VALIDATION_FAILED, SORT_INVALID, FILTER_INVALID,
   * FIELDS_INVALID, EXPAND_INVALID, CURSOR_INVALID, QUERY_TOO_COSTLY.
   */
  async list(call: Call, raw: RawListQuery, work: OptionalWork = this.#options.optional): Promise<string> {
    const { identity } = call;
    const rule = conditionOfAccess(this.#access.allowed('list', identity));
    const { view } = this.#access.rightsOf(identity);
    const query = parseListQuery(this.model, view, () => this.#scope(identity), raw);
    const shed: OptionalPart[] = [];
    const expand = unlessShed(work, 'expand', shed, this.#planOf(identity, raw.expand), NO_PLAN);
    const isCounted = unlessShed(work, 'count', shed, query.count, false);
    const { before } = this.model.declared.hooks.list ?? {};
    const narrowing = before === undefined ? undefined : await this.#narrowedBy(before, call);
    const condition = allOf(rule, query.condition, narrowing);

    const isPlain = this.#isPlain(call, query, expand);
    const selection = this.#selection(call, query, condition, isPlain);
    const { rows, next } = await this.#pages.read(query, selection);
    const items = isPlain
      ? writerOf(this.#pageWriters, query.shape, query.shape.columns).items(rows)
      : await this.#answered(call, query, selection, rows, expand);
    return pageText(items, next, isCounted ? await this.#total(query, selection) : undefined, shed);
  }

  /** @throws CodedError NOT_FOUND for a record that is not there or not this caller's to read, AUTH_REQUIRED, FORBIDDEN. */
  async read(
    call: Call,
    id: string,
    raw: RawListQuery,
    work: OptionalWork = this.#options.optional,
  ): Promise<ReadRecord> {
    const { identity } = call;
    const access = this.#access.allowed('read', identity);
    const { view } = this.#access.rightsOf(identity);
    const shape = parseFields(this.model, view, raw.fields);
    const shed: OptionalPart[] = [];
    const expand = unlessShed(work, 'expand', shed, this.#planOf(identity, raw.expand), NO_PLAN);
    const { session } = this.#options.records;
    const row = await session.store.find(session.connection, this.model, id, {
      of: conditionOfAccess(access),
      callerId: callerIdOf(identity),
    });
    if (row === undefined) throw errors.NOT_FOUND();
    const version = row[this.#versionAt] as number;
    const isWhole = shape.columns.length === this.model.visibleColumns.length;
    if (shed.length === 0 && this.#isPlainRecord(call, shape, expand)) {
      const text = writerOf(this.#recordWriters, shape, this.model.columns).record(row);
      return { text, etag: isWhole ? tagOfVersion(version) : tagOfAnswer(version, text) };
    }
    const reading = { call, session };
    const stored = recordOf(this.model, row);
    const [answer] = await this.#options.answers.many(reading, this.model, [stored], shape, { expand });
    const text = JSON.stringify(shed.length === 0 ? answer : { ...answer, shed });
    return { text, etag: tagOfAnswer(version, text) };
  }

  #isPlainRecord(call: Call, shape: AnswerShape, expand: ExpandPlan): boolean {
    if (expand.size > 0 || this.model.declared.hooks.read?.after !== undefined) return false;
    return !this.#options.answers.needsRecords(call, this.model, shape);
  }

  #scope(identity: Identity) {
    return wireScope(this.model, identity, this.#options.accessOf);
  }

  #planOf(identity: Identity, text: string | undefined): ExpandPlan {
    return text === undefined ? NO_PLAN : parseExpand(this.model, identity, this.#options.accessOf, text);
  }

  /** What the app's own code narrows every list by. */
  async #narrowedBy(before: (context: never) => unknown, call: Call): Promise<Condition | undefined> {
    const { session } = this.#options.records;
    const where = (await before(hookContext(call, session, this.#options) as never)) as AnyWhere | undefined;
    if (where === undefined) return undefined;
    return conditionOf(this.model.fields, where, ({ field }) => {
      throw new Error(`the hook list.before of ${this.model.name} answered what cannot be asked of ${field}`);
    });
  }

  /** Whether columns can go from the database into the answer, without records in between. */
  #isPlain(call: Call, { measure, shape }: ListQuery, expand: ExpandPlan): boolean {
    const isSimple = expand.size === 0 && measure === undefined;
    if (!isSimple || this.model.declared.hooks.list?.after !== undefined) return false;
    return !this.#options.answers.needsRecords(call, this.model, shape);
  }

  #selection({ identity }: Call, query: ListQuery, condition: Condition, isPlain: boolean): Selection {
    const { sort, measure, search, cursor, list, limit, shape } = query;
    return {
      ...{ condition, sort, measure, search },
      callerId: callerIdOf(identity),
      maxMs: this.#isAsDeclared(identity, query) ? undefined : CHOSEN_MAX_MS,
      after: cursor === undefined ? undefined : this.#options.signer.open(list, cursor),
      // One more than asked for tells whether there is a next page.
      limit: limit + 1,
      columns: isPlain ? shape.columns : this.model.columns,
    };
  }

  /** Whether the app alone decides which records are looked at, and in which order. */
  #isAsDeclared(identity: Identity, { condition, search, count, sort }: ListQuery): boolean {
    if (condition !== undefined || search !== undefined || count) return false;
    return sort === this.#access.rightsOf(identity).view.sort;
  }

  #total({ search }: ListQuery, { condition, callerId, maxMs }: Selection): Promise<number> {
    const { connection, store } = this.#options.records.session;
    const counted = { of: condition, callerId, maxMs, search, max: limits.countMax };
    return store.lists.count(connection, this.model, counted);
  }

  async #answered(
    call: Call,
    { measure, shape }: ListQuery,
    selection: Selection,
    rows: readonly Row[],
    expand: ExpandPlan,
  ): Promise<string> {
    const distances = measure === undefined ? undefined : distancesOf(selection, rows);
    const records = rows.map((row) => recordOf(this.model, row));
    const {
      answers,
      records: { session },
    } = this.#options;
    return JSON.stringify(
      await answers.page({ call, session }, this.model, records, shape, { expand, distances }),
    );
  }
}

function allOf(rule: Condition, ...others: readonly (Condition | undefined)[]): Condition {
  const more = others.filter((other) => other !== undefined);
  return more.length === 0 ? rule : { kind: 'all', parts: [rule, ...more] };
}

/** What was asked for, or nothing when the server is too busy for it. */
function unlessShed<Wish>(
  work: OptionalWork,
  kind: OptionalPart,
  shed: OptionalPart[],
  wish: Wish,
  nothing: Wish,
): Wish {
  if (wish === nothing || work.allowed(kind)) return wish;
  shed.push(kind);
  return nothing;
}

function writerOf(
  kept: WeakMap<AnswerShape, PageWriter>,
  shape: AnswerShape,
  rows: RecordModel['columns'],
): PageWriter {
  const writer = kept.get(shape) ?? new PageWriter(shape.columns, rows);
  kept.set(shape, writer);
  return writer;
}

function distancesOf(selection: Selection, rows: readonly Row[]): ReadonlyMap<unknown, number> {
  const meters = (row: Row) => Math.round(metersOfHaversine(rowValue(selection, row, DISTANCE) as number));
  return new Map(rows.map((row) => [row[0], meters(row)]));
}

function pageText(
  items: string,
  next: string | null,
  total: number | undefined,
  shed: readonly OptionalPart[],
): string {
  const cursor = next === null ? 'null' : `"${next}"`;
  const count = total === undefined ? '' : `,"total":${total}`;
  const left = shed.length === 0 ? '' : `,"shed":${JSON.stringify(shed)}`;
  return `{"items":${items},"nextCursor":${cursor}${count}${left}}`;
}
