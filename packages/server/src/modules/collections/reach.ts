import type { Condition } from '../../define/condition.ts';
import type { RecordModel } from '../records/record-model.ts';
import { conditionOfAccess } from './access.ts';
import type { CollectionAccess } from './collection-access.ts';

/** How far an answer looks: at what the rules ask for, or also at whatever relations a caller can follow from there. */
export type Reach = 'plain' | 'wide';

/** How many relations a caller can follow, by `expand` or in a filter. */
const HOPS = 2;

type AccessOf = (model: RecordModel) => CollectionAccess;

/** The collections whose records make a difference to answers of that reach that are the same for everybody. */
export function collectionsBehind(
  model: RecordModel,
  reach: Reach,
  accessOf: AccessOf,
): ReadonlySet<RecordModel> {
  const reached = reach === 'plain' ? new Set([model]) : withinHops(model);
  const behind = new Set(reached);
  for (const one of reached) {
    const { list, read, view } = accessOf(one).publicRights;
    const conditions = [conditionOfAccess(list), conditionOfAccess(read), ...view.guarded.values()];
    for (const condition of conditions) addRelated(one, condition, behind);
  }
  return behind;
}

/** A collection, and those that a caller can follow relations to from there. */
export function withinHops(model: RecordModel): ReadonlySet<RecordModel> {
  const reached = new Set([model]);
  for (let hop = 0; hop < HOPS; hop += 1) {
    for (const one of [...reached]) for (const next of relatedTo(one)) reached.add(next);
  }
  return reached;
}

function relatedTo(model: RecordModel): readonly RecordModel[] {
  const isRelation = ({ field: { spec } }: RecordModel['columns'][number]) =>
    spec.kind === 'relation' || spec.kind === 'relations';
  return model.columns.filter(isRelation).map(({ name }) => model.behind(name));
}

function addRelated(model: RecordModel, condition: Condition, to: Set<RecordModel>): void {
  if (condition.kind === 'related') {
    const target = model.behind(condition.field);
    to.add(target);
    addRelated(target, condition.part, to);
  } else if ('parts' in condition) for (const part of condition.parts) addRelated(model, part, to);
}
