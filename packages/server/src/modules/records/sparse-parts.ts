import type { Condition } from '../../define/condition.ts';
import { tableShapeOf } from '../schema/table-shape.ts';
import { placeOf } from './condition-place.ts';
import { linkNamed, type RecordModel } from './record-model.ts';

/**
 * A list that asks for what few records have (the chats of one member among a million) is quick when it begins with
 * those, and slow when it looks at every record in the order of the list. Of what many have (a tag of every other
 * article) it is the other way round, as all of them would be sorted for one page. No engine can know: it depends on
 * the value. So it is counted first, up to this bound, which takes 0.3 ms at most where an index serves it.
 */
export const SPARSE_MAX = 1_000;

/**
 * The same of what is compared by an index beside a circle: the places of a ring are as far apart in the table as in the
 * index, some 3 µs each in a large one, so that as many are read in no more time than rings of half of them.
 */
export const COMPARED_MAX = 4_000;

/** A part of a condition that can be found from its other side. */
export type Candidate = Condition & { readonly kind: 'compare' | 'has' | 'in' | 'near' | 'related' };

/** How many are few of what fits a part. */
export function fewOf({ kind }: Candidate): number {
  return kind === 'compare' || kind === 'in' ? COMPARED_MAX : SPARSE_MAX;
}

/**
 * The parts that every record of the list must fit and that an index can find from their other side; none where the ids
 * of the records are given, which are few already.
 */
export function sparseCandidates(model: RecordModel, condition: Condition): readonly Candidate[] {
  switch (condition.kind) {
    case 'all':
      if (condition.parts.some(namesIds)) return [];
      return condition.parts.flatMap((part) => sparseCandidates(model, part));
    case 'has':
      return !condition.negated && linkNamed(model, condition.field) !== undefined ? [condition] : [];
    case 'near':
      return !condition.negated && placeOf(model, condition.field).path.length === 0 ? [condition] : [];
    case 'related':
      return condition.negated ? [] : [condition];
    default:
      return [];
  }
}

/**
 * The same of a list in the order of distance, and what is compared with single values by an index: beside a circle no
 * engine can know which of the two is the shorter way, as one of SQLite has no statistics.
 */
export function candidatesBeside(
  model: RecordModel,
  condition: Condition,
  circle: Condition,
): readonly Candidate[] {
  const fixed = partsOfAll(condition).filter((part) => isLedTo(model, part));
  return [...fixed, ...sparseCandidates(model, condition).filter((candidate) => candidate !== circle)];
}

/** What every record must fit that fits the condition, each part by itself. */
export function partsOfAll(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.parts.flatMap(partsOfAll) : [condition];
}

function isLedTo(model: RecordModel, part: Condition): part is Candidate {
  const isFixed = part.kind === 'in' ? !part.negated : part.kind === 'compare' && part.comparator === '=';
  return isFixed && 'field' in part && leadingKeys(model).has(part.field);
}

const LEADING_KEYS = new WeakMap<RecordModel, ReadonlySet<string>>();

/** What an index of all records begins with. */
function leadingKeys(model: RecordModel): ReadonlySet<string> {
  const known = LEADING_KEYS.get(model);
  if (known !== undefined) return known;
  const indexes = tableShapeOf(model).indexes.filter(({ isOfKept }) => isOfKept !== true);
  const keys = new Set(['id', ...indexes.map(({ columns: [first = ''] }) => first.replace(/ desc$/, ''))]);
  LEADING_KEYS.set(model, keys);
  return keys;
}

function namesIds(condition: Condition): boolean {
  if (condition.kind === 'compare') return condition.field === 'id' && condition.comparator === '=';
  return condition.kind === 'in' && condition.field === 'id' && !condition.negated;
}
