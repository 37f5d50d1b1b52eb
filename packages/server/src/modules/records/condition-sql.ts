import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Comparator, Condition, Operand } from '../../define/condition.ts';
import { caller } from '../../define/field.ts';
import type { DynamicTables, SqlValue } from '../../ports/database.ts';
import { LIKE_ESCAPE, toSqlPattern } from './like-pattern.ts';
import { encodeValue, modelField, type RecordModel } from './record-model.ts';
import { Slot } from './statement-template.ts';

type Builder = ExpressionBuilder<DynamicTables, string>;

/** What a condition looks like without its values, and the values in the order of its slots. */
export interface ConditionParameters {
  readonly shape: string;
  readonly values: SqlValue[];
}

/** Splits a condition into its shape, by which compiled SQL is kept, and its values. */
export function parametersOf(
  model: RecordModel,
  condition: Condition,
  callerId: string | undefined,
): ConditionParameters {
  const values: SqlValue[] = [];
  return { shape: shapeInto(model, condition, callerId, values), values };
}

function shapeInto(
  model: RecordModel,
  condition: Condition,
  callerId: string | undefined,
  values: SqlValue[],
): string {
  if (condition.kind === 'all' || condition.kind === 'any') {
    const parts = condition.parts.map((part) => shapeInto(model, part, callerId, values));
    return `${condition.kind}(${parts.join(',')})`;
  }
  const { field } = condition;
  switch (condition.kind) {
    case 'compare': {
      const operand = resolve(condition.operand, callerId);
      if (operand !== null) values.push(encodeValue(modelField(model, field), operand));
      return `${field}${condition.comparator}${operand === null ? 'null' : '?'}`;
    }
    case 'in': {
      const target = modelField(model, field);
      const padded = padToPowerOfTwo(condition.operands);
      for (const operand of padded) values.push(encodeValue(target, operand));
      return `${field}${condition.negated ? ' not' : ''} in ${padded.length}`;
    }
    case 'like':
      values.push(toSqlPattern(condition.pattern));
      return `${field}${condition.negated ? ' not' : ''} like ?`;
    default:
      throw new Error(`no SQL for ${condition.kind}`);
  }
}

function resolve(operand: Operand, callerId: string | undefined): string | number | boolean | null {
  if (operand !== caller) return operand;
  if (callerId === undefined) throw new Error('a condition on the caller needs one');
  return callerId;
}

/** Lists of 5 to 8 share one statement, and so on: repeating the last value changes nothing. */
function padToPowerOfTwo<Value>(values: readonly Value[]): readonly Value[] {
  const last = values.at(-1);
  if (last === undefined) return values;
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...new Array<Value>(length - values.length).fill(last)];
}

/**
 * The SQL of a condition with slots where its values go, numbered from `firstSlot` in the order of `parametersOf`.
 * Every comparison is true or false, never null, so that the SQL means what `matches` means.
 */
export function conditionExpression(
  builder: Builder,
  condition: Condition,
  firstSlot = 0,
): Expression<SqlBool> {
  let position = firstSlot;
  const nextSlot = () => new Slot(position++);
  const build = (part: Condition): Expression<SqlBool> => {
    switch (part.kind) {
      case 'all':
        return part.parts.length === 0 ? always(true) : builder.and(part.parts.map(build));
      case 'any':
        return part.parts.length === 0 ? always(false) : builder.or(part.parts.map(build));
      case 'compare':
        return comparison(builder, part.field, part.comparator, part.operand === null, nextSlot);
      case 'in': {
        if (part.operands.length === 0) return always(part.negated);
        const slots = padToPowerOfTwo(part.operands).map(nextSlot);
        if (!part.negated) return builder(part.field, 'in', slots);
        return builder.or([builder(part.field, 'not in', slots), builder(part.field, 'is', null)]);
      }
      case 'like': {
        const like = sql<SqlBool>`${sql.ref(part.field)} like ${nextSlot()} escape ${sql.lit(LIKE_ESCAPE)}`;
        if (!part.negated) return like;
        return builder.or([builder.not(like), builder(part.field, 'is', null)]);
      }
      default:
        throw new Error(`no SQL for ${part.kind}`);
    }
  };
  return build(condition);

  function always(isTrue: boolean): Expression<SqlBool> {
    return isTrue ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`;
  }
}

function comparison(
  builder: Builder,
  field: string,
  comparator: Comparator,
  isNull: boolean,
  nextSlot: () => Slot,
): Expression<SqlBool> {
  if (isNull) return builder(field, comparator === '=' ? 'is' : 'is not', null);
  const compared = builder(field, comparator, nextSlot());
  // `field <> ?` of a null is null; a null is different from any value.
  return comparator === '!=' ? builder.or([compared, builder(field, 'is', null)]) : compared;
}
