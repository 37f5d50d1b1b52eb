import type { CollectionShape, NewRowOf, RowChangesOf, RowOf } from './app-types.ts';
import { type UpdateCondition, versionOf } from './update-condition.ts';

/** One operation of a batch, as it travels. */
type Operation =
  | { readonly create: string; readonly record: unknown }
  | { readonly update: string; readonly id: string; readonly changes: unknown; readonly ifMatch?: string }
  | { readonly delete: string; readonly id: string; readonly ifMatch?: string };

/** One write among several; `Result` is what it answers. Made by `collection(…).batch`. */
export interface BatchStep<Result> {
  readonly operation: Operation;
  /** Carries the type of the result; never set. */
  readonly result?: Result;
}

/** What several steps answer, in their order. */
export type BatchResults<Steps extends readonly BatchStep<unknown>[]> = {
  readonly [Index in keyof Steps]: Steps[Index] extends BatchStep<infer Result> ? Result : never;
};

/** The writes of one collection as steps of a batch: nothing is sent before `client.batch`. */
export interface BatchSteps<C extends CollectionShape> {
  create(record: NewRowOf<C>): BatchStep<RowOf<C>>;
  update(id: string, changes: RowChangesOf<C>, condition?: UpdateCondition): BatchStep<RowOf<C>>;
  remove(id: string, condition?: UpdateCondition): BatchStep<null>;
}

export function batchStepsOf<C extends CollectionShape>(name: string): BatchSteps<C> {
  return {
    create: (record) => ({ operation: { create: name, record } }),
    update: (id, changes, condition) => ({
      operation: { update: name, id, changes, ...versionIn(condition) },
    }),
    remove: (id, condition) => ({ operation: { delete: name, id, ...versionIn(condition) } }),
  };
}

function versionIn(condition: UpdateCondition | undefined): { readonly ifMatch?: string } {
  const ifMatch = versionOf(condition);
  return ifMatch === undefined ? {} : { ifMatch };
}
