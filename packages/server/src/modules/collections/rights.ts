import type { AnyRule, Operation } from '../../define/rules.ts';
import type { RecordModel } from '../records/record-model.ts';
import { type Access, readAccess, type WriteAccess, writeAccess } from './access.ts';
import { type RecordView, recordView } from './record-view.ts';
import type { Standing } from './standing.ts';

type WriteOperation = 'create' | 'update' | 'delete';
export type ReadOperation = Exclude<Operation, WriteOperation>;

/** Everything that the rules of a collection let callers of one standing do. */
export interface Rights {
  readonly list: Access;
  readonly read: Access;
  readonly create: WriteAccess;
  readonly update: WriteAccess;
  readonly delete: WriteAccess;
  /** What is seen of the records that may be listed or read. */
  readonly view: RecordView;
  /** Of fields that have a rule of their own, as far as it does not let everything through. */
  readonly fieldWrite: ReadonlyMap<string, WriteAccess>;
}

export function rightsOf(model: RecordModel, standing: Standing): Rights {
  const {
    fields,
    declared: { rules },
  } = model;
  return {
    list: readAccess(fields, rules.list, standing),
    read: readAccess(fields, rules.read, standing),
    create: writeAccess(fields, rules.create, standing),
    update: writeAccess(fields, rules.update, standing),
    delete: writeAccess(fields, rules.delete, standing),
    view: recordView(
      model,
      limited(model, 'read', (rule) => readAccess(fields, rule, standing)),
    ),
    fieldWrite: limited(model, 'write', (rule) => writeAccess(fields, rule, standing)),
  };
}

function limited<A extends Access | WriteAccess>(
  { declared: { rules } }: RecordModel,
  kind: 'read' | 'write',
  accessOf: (rule: AnyRule) => A,
): ReadonlyMap<string, A> {
  const found = new Map<string, A>();
  for (const [name, { [kind]: rule }] of Object.entries(rules.fields ?? {})) {
    const access = rule === undefined ? undefined : accessOf(rule);
    if (access !== undefined && access.allows !== 'all') found.set(name, access);
  }
  return found;
}
