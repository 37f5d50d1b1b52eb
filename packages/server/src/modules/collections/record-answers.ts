import type { Condition } from '../../define/condition.ts';
import { matches } from '../records/condition-match.ts';
import { looksBehind, recordFits } from '../records/record-fit.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession, RecordValues } from '../records/record-session.ts';
import { conditionOfAccess } from './access.ts';
import type { CollectionAccess } from './collection-access.ts';
import type { ExpandBranch, ExpandPlan } from './expand-plan.ts';
import { ExpandRoom, refuseTooLong } from './expand-room.ts';
import { type Call, type HookDeps, hookContext } from './hook-context.ts';
import type { AnswerShape } from './record-view.ts';
import { callerIdOf } from './standing.ts';

/** A record as a caller gets it. */
export type Answer = Record<string, unknown>;

export interface AnswersOptions extends HookDeps {
  readonly accessOf: (model: RecordModel) => CollectionAccess;
}

/** What records are answered with beside their own fields. */
export interface Additions {
  readonly expand: ExpandPlan;
  /** Meters, by the record's id. */
  readonly distances?: ReadonlyMap<unknown, number> | undefined;
  /** Of the answer that these are a part of. */
  readonly room?: ExpandRoom;
}

/** Who reads, and where: a transaction shows what was written in it. */
export interface Reading {
  readonly call: Call;
  readonly session: RecordSession;
}

/** Which records a field is seen of, by its name; of a field that is not here, all. */
type SeenOf = ReadonlyMap<string, ReadonlySet<unknown>>;

const ALL_SEEN: SeenOf = new Map();
const NOTHING_MORE: Additions = { expand: new Map() };

/**
 * Turns whole records into what a caller gets of them: without the fields that are not for him, seen through the app's
 * hooks, with what is computed and what is behind relations. Costs one query for each relation that is followed, and one
 * for each rule of a field that looks behind a relation, however many records there are.
 */
export class RecordAnswers {
  readonly #options: AnswersOptions;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** Whether answers of this shape need the whole record: else columns can go from the database into the answer. */
  needsRecords(call: Call, model: RecordModel, { columns, computed }: AnswerShape): boolean {
    const { guarded } = this.#viewOf(call, model);
    return computed.length > 0 || (guarded.size > 0 && columns.some(({ name }) => guarded.has(name)));
  }

  /**
   * The answer, as JSON text, of a record that was written.
   * @param previous what it was before. Whoever may change a record that is not theirs to see is told no more of it than
   * that it was changed; who made it is shown it.
   */
  async textOf(
    reading: Reading,
    model: RecordModel,
    record: RecordValues,
    previous?: RecordValues,
  ): Promise<string> {
    const { shape, guarded } = this.#viewOf(reading.call, model);
    if (previous !== undefined && !(await this.#maySee(reading, model, [record, previous]))) {
      const { id, createdAt, updatedAt } = record;
      return JSON.stringify({ id, createdAt, updatedAt });
    }
    const isPlain = guarded.size === 0 && model.declared.hooks.read?.after === undefined;
    if (isPlain) return JSON.stringify(project(model, record, shape, ALL_SEEN));
    const [answer] = await this.many(reading, model, [record], shape);
    return JSON.stringify(answer);
  }

  /** Whether one of these may be read or listed by this caller. */
  async #maySee(
    { call: { identity }, session }: Reading,
    model: RecordModel,
    records: readonly RecordValues[],
  ): Promise<boolean> {
    const { read, list } = this.#options.accessOf(model).rightsOf(identity);
    const { store, connection } = session;
    const context = { store, connection, model, callerId: callerIdOf(identity) };
    // What the app's own code narrows lists by is not asked here.
    const isNarrowed = model.declared.hooks.list?.before !== undefined;
    for (const access of isNarrowed ? [read] : [read, list]) {
      if (access.allows === 'all') return true;
      if (access.allows === 'none') continue;
      for (const record of records) if (await recordFits(context, access.condition, record)) return true;
    }
    return false;
  }

  /** The answers of records that are each read by themselves: their hook `read.after` runs for each. */
  async many(
    reading: Reading,
    model: RecordModel,
    records: readonly RecordValues[],
    shape: AnswerShape,
    additions = NOTHING_MORE,
  ): Promise<Answer[]> {
    const after = model.declared.hooks.read?.after;
    const seen: RecordValues[] = [];
    for (const record of records) {
      const view = after === undefined ? undefined : await after(this.#context(reading, { record }));
      seen.push((view as RecordValues | undefined) ?? record);
    }
    return this.#answers(reading, model, records, seen, shape, additions);
  }

  /** The answers of a page of a list. Its hook may leave records out, or answer others. */
  async page(
    reading: Reading,
    model: RecordModel,
    records: readonly RecordValues[],
    shape: AnswerShape,
    additions = NOTHING_MORE,
  ): Promise<Answer[]> {
    const view = await model.declared.hooks.list?.after?.(this.#context(reading, { records }));
    const seen = (view as readonly RecordValues[] | undefined) ?? records;
    return this.#answers(reading, model, records, seen, shape, additions);
  }

  async #answers(
    reading: Reading,
    model: RecordModel,
    stored: readonly RecordValues[],
    seen: readonly RecordValues[],
    shape: AnswerShape,
    { expand, distances, room = new ExpandRoom() }: Additions,
  ): Promise<Answer[]> {
    const seenOf = await this.#seenOf(reading, model, stored, [
      ...shape.columns.map(({ name }) => name),
      ...expand.keys(),
    ]);
    const answers = seen.map((record) => {
      const answer = project(model, record, shape, seenOf);
      const distance = distances?.get(record.id);
      return distance === undefined ? answer : { ...answer, distance_m: distance };
    });
    let length = 0;
    for (const [name, branch] of expand) {
      const idsOf = (record: RecordValues) => (isSeen(seenOf, name, record) ? idsIn(record[name]) : []);
      const ids = seen.flatMap(idsOf);
      const behind = await this.#behind(reading, branch, new Set(ids), room);
      length += lengthOf(ids, behind);
      refuseTooLong(length);
      for (const [index, record] of seen.entries()) {
        const found = idsOf(record).flatMap((id) => behind.get(id) ?? []);
        const answer = answers[index] as Answer;
        const expanded = (answer.expanded ?? {}) as Record<string, unknown>;
        expanded[name] = branch.isMany ? found : (found[0] ?? null);
        answer.expanded = expanded;
      }
    }
    return answers;
  }

  /** The answers of those records behind a relation that this caller may read, by id. */
  async #behind(
    reading: Reading,
    { model, within }: ExpandBranch,
    ids: ReadonlySet<string>,
    room: ExpandRoom,
  ): Promise<ReadonlyMap<string, Answer>> {
    const { read, view } = this.#options.accessOf(model).rightsOf(reading.call.identity);
    if (read.allows === 'none' || ids.size === 0) return new Map();
    const condition = conditionOfAccess(read);
    await room.take(ids.size, model.widestRow, async () => {
      const measured = await this.#select(reading, model, [...ids], condition, idOf(model), model.columns);
      return measured.reduce((sum, row) => sum + Number(row.at(-1)), 0);
    });
    const rows = await this.#select(reading, model, [...ids], condition, model.columns);
    const records = rows.map((row) => recordOf(model, row));
    const answers = await this.many(reading, model, records, view.shape, { expand: within, room });
    return new Map(records.map(({ id }, index) => [id as string, answers[index] as Answer]));
  }

  /** For each field of the names whose rule depends on the record: the ids of the records of which it is seen. */
  async #seenOf(
    reading: Reading,
    model: RecordModel,
    records: readonly RecordValues[],
    names: readonly string[],
  ): Promise<SeenOf> {
    const { guarded } = this.#viewOf(reading.call, model);
    if (guarded.size === 0) return ALL_SEEN;
    const seenOf = new Map<string, ReadonlySet<unknown>>();
    for (const name of names) {
      const condition = guarded.get(name);
      if (condition !== undefined) seenOf.set(name, await this.#fitting(reading, model, records, condition));
    }
    return seenOf;
  }

  async #fitting(
    reading: Reading,
    model: RecordModel,
    records: readonly RecordValues[],
    condition: Condition,
  ): Promise<ReadonlySet<unknown>> {
    const ids = records.map(({ id }) => id as string);
    if (ids.length > 0 && looksBehind(condition)) {
      const rows = await this.#select(reading, model, ids, condition, idOf(model));
      return new Set(rows.map(([id]) => id));
    }
    const subject = { model, callerId: callerIdOf(reading.call.identity), isRelated: () => false };
    return new Set(records.filter((record) => matches(subject, condition, record)).map(({ id }) => id));
  }

  #select(
    { call, session }: Reading,
    model: RecordModel,
    ids: readonly string[],
    condition: Condition,
    columns: RecordModel['columns'],
    bytesOf?: RecordModel['columns'],
  ): Promise<unknown[][]> {
    const { store, connection } = session;
    const byId: Condition = { kind: 'in', field: 'id', operands: ids, negated: false };
    return store.lists.select(connection, model, {
      condition: { kind: 'all', parts: [byId, condition] },
      callerId: callerIdOf(call.identity),
      sort: [{ field: 'id', descending: false }],
      limit: ids.length,
      columns,
      bytesOf,
    });
  }

  #viewOf({ identity }: Call, model: RecordModel) {
    return this.#options.accessOf(model).rightsOf(identity).view;
  }

  #context({ call, session }: Reading, about: object): never {
    return Object.assign(hookContext(call, session, this.#options), about) as never;
  }
}

function project(
  { declared }: RecordModel,
  record: RecordValues,
  { columns, computed }: AnswerShape,
  seenOf: SeenOf,
): Answer {
  const answer: Answer = {};
  for (const { name } of columns) answer[name] = isSeen(seenOf, name, record) ? (record[name] ?? null) : null;
  for (const name of computed) answer[name] = declared.computed[name]?.from(record as never) ?? null;
  return answer;
}

function idOf({ columns }: RecordModel): RecordModel['columns'] {
  return columns.slice(0, 1);
}

function isSeen(seenOf: SeenOf, name: string, { id }: RecordValues): boolean {
  return seenOf.get(name)?.has(id) ?? true;
}

/** How long answers get to be as JSON, each as often as it is named: 100 × 100 × 100 records are soon a gigabyte. */
function lengthOf(ids: readonly string[], answers: ReadonlyMap<string, Answer>): number {
  const lengths = new Map<string, number>();
  for (const [id, answer] of answers) lengths.set(id, JSON.stringify(answer).length);
  return ids.reduce((sum, id) => sum + (lengths.get(id) ?? 0), 0);
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}
