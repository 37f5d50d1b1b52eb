import { errors } from '@maque/contract';
import type { CodedError } from '@maque/kit';
import { checkFields, type FieldsCheck, Issues } from '../../define/check-value.ts';
import type { Fields } from '../../define/field.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import { BrokenReferenceError, DuplicateValueError } from '../../ports/database-errors.ts';
import { type RecordModel, uniqueIndexName } from './record-model.ts';

const SOME_VALUE = { en: 'value', zh: '值' };
export const NO_SUCH_RECORD = { en: 'refers to a record that does not exist', zh: '指向的记录不存在' };

/** Values that fit their fields. @throws CodedError VALIDATION_FAILED with every fault by its path. */
export function checkedValues(fields: Fields, input: unknown, check: FieldsCheck): Record<string, unknown> {
  const issues = new Issues();
  const values = checkFields(fields, input, '', issues, check);
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
  return values;
}

/**
 * What a write that the database refused means to the caller: CONFLICT names the field whose value is taken unless it is
 * hidden, VALIDATION_FAILED the relations that lead nowhere. Other errors are given back as they are.
 */
export async function explainRefusal(
  error: unknown,
  connection: DatabaseConnection,
  model: RecordModel,
  values: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  if (error instanceof DuplicateValueError) {
    const isMeant = (name: string) =>
      error.target === `${model.name}.${name}` || error.target.includes(uniqueIndexName(model.name, name));
    const field = model.columnNames.find(isMeant) ?? 'id';
    return model.fields[field]?.isHidden === true
      ? unnamedConflict(error)
      : errors.CONFLICT({ data: { field }, cause: error });
  }
  if (!(error instanceof BrokenReferenceError)) return error;
  const issues = new Issues();
  for (const { name, references } of model.columns) {
    const id = values[name];
    if (references === undefined || typeof id !== 'string') continue;
    const found = await connection.query.selectFrom(references).select('id').where('id', '=', id).execute();
    if (found.length === 0) issues.add(name, NO_SUCH_RECORD);
  }
  return issues.isEmpty ? error : errors.VALIDATION_FAILED({ details: issues.list, cause: error });
}

/** For those who are not to know which fields a record has. */
export function unnamedConflict(cause: unknown): CodedError {
  return errors.CONFLICT({ data: { field: SOME_VALUE }, cause });
}
