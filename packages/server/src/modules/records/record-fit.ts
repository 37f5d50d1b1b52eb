import type { Condition } from '../../define/condition.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import { matches, type RelatedCondition } from './condition-match.ts';
import type { RecordModel } from './record-model.ts';
import type { RecordStore } from './record-store.ts';

/** What tells whether a record fits: the database is asked about what is behind its relations. */
export interface FitContext {
  readonly store: RecordStore;
  readonly connection: DatabaseConnection;
  readonly model: RecordModel;
  readonly callerId: string | undefined;
}

/**
 * Whether a record fits a condition as it is given, whatever of it is in the database. A promise only where the
 * condition goes through a relation, which costs one query each.
 */
export function recordFits(
  context: FitContext,
  condition: Condition,
  record: Readonly<Record<string, unknown>>,
): boolean | Promise<boolean> {
  const { model, callerId } = context;
  const related = relatedIn(condition);
  if (related.length > 0) return fitsWithRelated(context, condition, record, related);
  return matches({ model, callerId, isRelated: () => false }, condition, record);
}

async function fitsWithRelated(
  { store, connection, model, callerId }: FitContext,
  condition: Condition,
  record: Readonly<Record<string, unknown>>,
  related: readonly RelatedCondition[],
): Promise<boolean> {
  const fitting = new Set<RelatedCondition>();
  for (const one of related) {
    const ids = idsIn(record[one.field]);
    const behind = model.behind(one.field);
    if (await store.lists.anyFits(connection, behind, ids, { of: one.part, callerId })) fitting.add(one);
  }
  return matches({ model, callerId, isRelated: (one) => fitting.has(one) }, condition, record);
}

/** Whether only the database knows if a record fits. */
export function looksBehind(condition: Condition): boolean {
  return relatedIn(condition).length > 0;
}

/** The parts that go through relations of the record itself. */
function relatedIn(condition: Condition): readonly RelatedCondition[] {
  if (condition.kind === 'related') return [condition];
  return 'parts' in condition ? condition.parts.flatMap(relatedIn) : [];
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as string[]) : [];
}
