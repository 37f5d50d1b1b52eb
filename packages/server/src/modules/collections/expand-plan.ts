import { errors, limits } from '@maque/contract';
import { nearestName, type Text } from '@maque/kit';
import type { Identity } from '../../ports/identity.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { CollectionAccess } from './collection-access.ts';

/** The relations that are followed from a record, and from the records behind them. */
export type ExpandPlan = ReadonlyMap<string, ExpandBranch>;

export interface ExpandBranch {
  /** Of the collection behind the relation. */
  readonly model: RecordModel;
  /** Whether it is a relation to several. */
  readonly isMany: boolean;
  readonly within: ExpandPlan;
}

const REASON = {
  unknown: { en: 'there is no such field', zh: '没有该字段' },
  unknownNear: { en: 'did you mean {near}?', zh: '是否应为 {near}？' },
  noRelation: { en: 'it refers to no collection', zh: '该字段不指向任何集合' },
  tooMany: { en: `at most ${limits.expandPaths} paths`, zh: `最多 ${limits.expandPaths} 条路径` },
  tooDeep: {
    en: `at most ${limits.expandDepth} relations one after the other`,
    zh: `最多连续 ${limits.expandDepth} 层关联`,
  },
} as const satisfies Record<string, Text>;

type GrowingPlan = Map<string, { model: RecordModel; isMany: boolean; within: GrowingPlan }>;

/** Reads paths such as `category.parent,tags`. @throws CodedError EXPAND_INVALID. */
export function parseExpand(
  model: RecordModel,
  identity: Identity,
  accessOf: (model: RecordModel) => CollectionAccess,
  text: string,
): ExpandPlan {
  const paths = text.split(',', limits.expandPaths + 1);
  if (paths.length > limits.expandPaths) throw invalid(paths.at(-1) ?? '', REASON.tooMany);
  const plan: GrowingPlan = new Map();
  for (const path of paths) {
    const names = path.split('.', limits.expandDepth + 1);
    if (names.length > limits.expandDepth) throw invalid(path, REASON.tooDeep);
    let [at, from] = [plan, model];
    for (const name of names) {
      const branch = at.get(name) ?? branchOf(from, identity, accessOf, name, path);
      at.set(name, branch);
      [at, from] = [branch.within, branch.model];
    }
  }
  return plan;
}

function branchOf(
  model: RecordModel,
  identity: Identity,
  accessOf: (model: RecordModel) => CollectionAccess,
  name: string,
  path: string,
) {
  const { columns } = accessOf(model).rightsOf(identity).view;
  const column = columns.find((one) => one.name === name);
  if (column === undefined) {
    const near = nearestName(
      name.slice(0, 60),
      columns.map((one) => one.name),
    );
    throw near === undefined ? invalid(path, REASON.unknown) : invalid(path, REASON.unknownNear, near);
  }
  const { kind } = column.field.spec;
  if (kind !== 'relation' && kind !== 'relations') throw invalid(path, REASON.noRelation);
  return { model: model.behind(name), isMany: kind === 'relations', within: new Map() };
}

function invalid(path: string, reason: Text, near?: string): Error {
  return errors.EXPAND_INVALID({ data: { field: path.slice(0, 60), reason, near } });
}
