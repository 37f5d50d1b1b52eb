import { setImmediate } from 'node:timers/promises';
import { errors, limits } from '@maque/contract';
import { type Clock, CodedError, type Milliseconds } from '@maque/kit';
import type { RecordSession } from '../records/record-session.ts';
import type { Call } from './hook-context.ts';
import type { RecordWriter, Target, Written } from './record-writer.ts';

const ISSUE = {
  operations: { en: 'must be a list of 1 to {max} operations', zh: '应为 1 到 {max} 项操作的列表' },
  form: {
    en: 'must be { create, record }, { update, id, changes, ifMatch? } or { delete, id, ifMatch? }',
    zh: '应为 { create, record }、{ update, id, changes, ifMatch? } 或 { delete, id, ifMatch? }',
  },
  tooLong: { en: 'the answer would be too long; send fewer operations', zh: '响应过长，请减少操作数' },
  unknown: { en: 'there is no collection {name}', zh: '没有集合 {name}' },
};
// What of an unknown name is repeated to the caller.
const MAX_NAME = 60;
// The database answers at once, so a batch would keep all others waiting: 40 records of 1,000 relations take 0.2 s.
const TURN_MS: Milliseconds = 10;

/** One write of a batch. */
export interface Operation {
  readonly kind: 'create' | 'update' | 'delete';
  readonly collection: string;
  /** Undefined of what is to be created. */
  readonly id?: string;
  /** What is to be written; undefined of what is to be deleted. */
  readonly values?: unknown;
  /** Answers the record; null for one that is gone. */
  run(session: RecordSession, call: Call): Promise<Written | null>;
  /** Answers the record once more, as it is by now. @param id of the one that it made. */
  again(session: RecordSession, call: Call, id: string): Promise<Written | null>;
}

type Raw = Readonly<Record<string, unknown>>;
type Writers = ReadonlyMap<string, RecordWriter>;

/**
 * Reads the body of a batch.
 * @throws CodedError VALIDATION_FAILED with the place of the first operation that is none.
 */
export function readBatch(writers: Writers, body: unknown): readonly Operation[] {
  const { operations } = isObject(body) ? body : { operations: undefined };
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > limits.batchOperations) {
    throw invalid('operations', ISSUE.operations, { max: limits.batchOperations });
  }
  return operations.map((raw, index) => operationOf(writers, raw, `operations.${index}`));
}

/**
 * Does one operation after the other, and answers the result of each. Others who only read have their turn in between.
 * @param work one operation, in a transaction: the first error undoes all.
 * @throws CodedError of the operation that failed, its details under `operations.<index>`; VALIDATION_FAILED when the
 * answer gets too long.
 */
export async function runBatch(
  operations: readonly Operation[],
  work: (operation: Operation) => Promise<Written | null>,
  clock: Clock,
): Promise<readonly (Written | null)[]> {
  const results: (Written | null)[] = [];
  let length = 0;
  let turnSinceMs = clock.monotonic();
  for (const [index, operation] of operations.entries()) {
    try {
      const result = await work(operation);
      results.push(result);
      length += textOf(result).length;
    } catch (error) {
      throw error instanceof CodedError ? error.under(`operations.${index}`) : error;
    }
    if (length > limits.batchLength) throw invalid(`operations.${index}`, ISSUE.tooLong);
    if (clock.monotonic() - turnSinceMs >= TURN_MS) {
      await setImmediate();
      turnSinceMs = clock.monotonic();
    }
  }
  return results;
}

/** A result as JSON. */
export function textOf(result: Written | null): string {
  return result?.text ?? 'null';
}

function operationOf(writers: Writers, raw: unknown, path: string): Operation {
  if (!isObject(raw)) throw invalid(path, ISSUE.form);
  const { create, update, delete: remove, record, id, changes, ifMatch, ...rest } = raw;
  const isOnly = (...names: readonly unknown[]) => [...names, ...Object.values(rest)].every(isLeftOut);
  if (typeof create === 'string' && isOnly(update, remove, id, changes, ifMatch)) {
    const writer = writerOf(writers, create, path);
    return {
      ...{ kind: 'create', collection: create, values: record },
      run: (session, call) => writer.create(session, call, record),
      again: (session, call, id) => writer.readAgain(session, call, id),
    };
  }
  const target = targetOf(id, ifMatch);
  if (target !== undefined && typeof update === 'string' && isOnly(create, remove, record)) {
    const writer = writerOf(writers, update, path);
    return {
      ...{ kind: 'update', collection: update, id: target.id, values: changes },
      run: (session, call) => writer.update(session, call, target, changes),
      again: (session, call) => writer.readAgain(session, call, target.id),
    };
  }
  if (target !== undefined && typeof remove === 'string' && isOnly(create, update, record, changes)) {
    const writer = writerOf(writers, remove, path);
    return {
      ...{ kind: 'delete', collection: remove, id: target.id },
      async run(session, call) {
        await writer.delete(session, call, target);
        return null;
      },
      again: async () => null,
    };
  }
  throw invalid(path, ISSUE.form);
}

function targetOf(id: unknown, ifMatch: unknown): Target | undefined {
  if (typeof id !== 'string') return undefined;
  if (ifMatch === undefined) return { id };
  return typeof ifMatch === 'string' ? { id, ifMatch } : undefined;
}

function writerOf(writers: Writers, name: string, path: string): RecordWriter {
  const writer = writers.get(name);
  if (writer === undefined) throw invalid(path, ISSUE.unknown, { name: name.slice(0, MAX_NAME) });
  return writer;
}

function invalid(path: string, issue: { en: string; zh: string }, data: Raw = {}): CodedError {
  return errors.VALIDATION_FAILED({ details: [{ path, issue, data }] });
}

function isLeftOut(value: unknown): boolean {
  return value === undefined;
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
