import type { SqlValue } from '../../ports/database.ts';
import type { Storage } from './column-codec.ts';
import { type Column, encodeValue, type RecordModel, uniqueIndexName } from './record-model.ts';
import { sortTermsOf } from './sort-terms.ts';

/** A column as it was made; kept in the database as JSON, to compare the next declaration with. */
export interface ColumnShape {
  readonly name: string;
  readonly storage: Storage;
  /** Characters, of text. */
  readonly maxLength?: number;
  readonly references?: string;
  /** What records that are there get when the column is added. */
  readonly fill?: SqlValue;
  readonly isRequired: boolean;
}

export interface IndexShape {
  readonly name: string;
  /** `userId`, `createdAt desc`. */
  readonly columns: readonly string[];
  readonly isUnique: boolean;
}

export interface TableShape {
  readonly columns: readonly ColumnShape[];
  readonly indexes: readonly IndexShape[];
}

/** The table that a declaration asks for. */
export function tableShapeOf(model: RecordModel): TableShape {
  return {
    columns: model.columns.map(columnShapeOf),
    indexes: [...uniqueIndexes(model), ...declaredIndexes(model)],
  };
}

function columnShapeOf({ name, field, codec, references }: Column): ColumnShape {
  const { spec, presence, defaultValue } = field;
  const isFilled = presence === 'defaulted' && typeof defaultValue !== 'symbol';
  return {
    name,
    storage: codec.storage,
    isRequired: presence !== 'optional',
    ...(codec.storage === 'text' ? { maxLength: spec.kind === 'text' ? spec.maxLength : 64 } : {}),
    ...(references === undefined ? {} : { references }),
    ...(isFilled ? { fill: encodeValue(field, defaultValue) } : {}),
  };
}

function uniqueIndexes({ name, columns }: RecordModel): IndexShape[] {
  return columns
    .filter(({ field }) => field.isUnique)
    .map((column) => ({ name: uniqueIndexName(name, column.name), columns: [column.name], isUnique: true }));
}

/** Each declared index ends with the id, as every order of a list does, so that a page is read from it without sorting. */
function declaredIndexes({ name, declared }: RecordModel): IndexShape[] {
  return declared.indexes.map((keys) => {
    const terms = sortTermsOf(keys);
    return {
      name: `${name}_${terms.map(({ field, descending }) => (descending ? `${field}_desc` : field)).join('_')}`,
      columns: terms.map(({ field, descending }) => (descending ? `${field} desc` : field)),
      isUnique: false,
    };
  });
}
