import type { Condition } from '../src/define/condition.ts';
import type { Near } from '../src/define/rules.ts';
import { DISTANCE } from '../src/modules/records/list-order.ts';
import type { Selection } from '../src/modules/records/list-sql.ts';
import type { RecordModel } from '../src/modules/records/record-model.ts';

/** What is within a circle around the field `at`, nearest first; of that what also fits another condition. */
export function nearestSelection(
  model: RecordModel,
  { meters, ...from }: Near,
  other: Condition | undefined,
  page: Pick<Selection, 'after' | 'limit'>,
): Selection {
  const near: Condition = { kind: 'near', field: 'at', near: { ...from, meters }, negated: false };
  return {
    condition: other === undefined ? near : { kind: 'all', parts: [other, near] },
    callerId: undefined,
    sort: [
      { field: DISTANCE, descending: false },
      { field: 'id', descending: false },
    ],
    measure: { field: 'at', from },
    columns: model.columns,
    ...page,
  };
}
