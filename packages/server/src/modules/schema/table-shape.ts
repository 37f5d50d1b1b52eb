import type { Condition } from '../../define/condition.ts';
import { caller } from '../../define/field.ts';
import { fieldsOfPersons } from '../../define/personal.ts';
import { conditionsIn } from '../../define/rule-conditions.ts';
import type { DocumentType, SqlValue } from '../../ports/database.ts';
import type { SearchColumn } from '../../ports/text-search.ts';
import type { Storage } from '../records/column-codec.ts';
import { documentTypeOf, placeOf } from '../records/condition-place.ts';
import { BANDS_PER_DEGREE } from '../records/geo-circle.ts';
import {
  type Column,
  encodeValue,
  modelField,
  type RecordModel,
  uniqueIndexName,
} from '../records/record-model.ts';
import { sortTermsOf } from '../records/sort-terms.ts';
import { engineName } from '../records/table-name.ts';

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
  /** `userId`, `createdAt desc`, `address.city`. */
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** Leaves out records that are deleted softly: what they had unique, others may have. */
  readonly isOfKept?: boolean;
  /** What is at those of the columns that are paths into a document: `{ 'address.city': 'text' }`. */
  readonly paths?: Readonly<Record<string, DocumentType>>;
  /** Of an index of points: how many bands of latitude a degree has in it. See `bandsAround`. */
  readonly bandsPerDegree?: number;
}

/** The table behind a field of several others. */
export interface LinkShape {
  readonly name: string;
  /** The column that holds the same ids. */
  readonly field: string;
  readonly references?: string;
}

export interface TableShape {
  readonly columns: readonly ColumnShape[];
  readonly indexes: readonly IndexShape[];
  /** Tables made before there were any have none. */
  readonly links?: readonly LinkShape[];
  /** What `search` looks into. */
  readonly search?: readonly SearchColumn[];
}

/** The column of a key of an index: of `createdAt desc`, of `address.city`. */
export function columnOfKey(key: string): string {
  return key.replace(/ desc$/, '').split('.', 1)[0] ?? '';
}

export function isDescending(key: string): boolean {
  return key.endsWith(' desc');
}

/** The table that a declaration asks for. */
export function tableShapeOf(model: RecordModel): TableShape {
  const { search } = model.declared;
  return {
    columns: model.columns.map(columnShapeOf),
    indexes: [
      ...uniqueIndexes(model),
      ...declaredIndexes(model),
      ...deletionIndex(model),
      ...geoIndexes(model),
      ...fileIndexes(model),
      ...relationIndexes(model),
      ...userIndexes(model),
    ],
    links: model.links.map(({ table, field, references }) => ({
      name: table,
      field,
      ...(references === undefined ? {} : { references }),
    })),
    ...(search.length === 0 ? {} : { search: search.map((name) => searchColumnOf(model, name)) }),
  };
}

function searchColumnOf(model: RecordModel, name: string): SearchColumn {
  return { name, isHtml: modelField(model, name).spec.kind === 'richText' };
}

function columnShapeOf({ name, field, codec, references }: Column): ColumnShape {
  const { spec, presence, defaultValue } = field;
  const isFilled = presence === 'defaulted' && typeof defaultValue !== 'symbol';
  return {
    name,
    storage: codec.storage,
    isRequired: presence !== 'optional',
    ...(codec.storage === 'text' ? { maxLength: 'maxLength' in spec ? spec.maxLength : 64 } : {}),
    ...(references === undefined ? {} : { references }),
    ...(isFilled ? { fill: encodeValue(field, defaultValue) } : {}),
  };
}

function uniqueIndexes({ name, columns, declared }: RecordModel): IndexShape[] {
  return columns
    .filter(({ field }) => field.isUnique)
    .map((column) => ({
      name: uniqueIndexName(name, column.name),
      columns: [column.name],
      isUnique: true,
      ...(declared.softDelete === undefined ? {} : { isOfKept: true }),
    }));
}

/** Each declared index ends with the id, as every order of a list does, so that a page is read from it without sorting. */
function declaredIndexes(model: RecordModel): IndexShape[] {
  // A point stands alone in an index, and has one whether it is declared or not: see `geoIndexes`.
  const isOfPoint = ([name = '']: readonly string[]) =>
    placeOf(model, name.replace(/^-/, '')).field.spec.kind === 'geo';
  const declared = model.declared.indexes.filter((keys) => !isOfPoint(keys));
  return declared.map((keys) => {
    const terms = sortTermsOf(keys);
    const name = terms.map(({ field, descending }) => (descending ? `${field}_desc` : field)).join('_');
    const paths = terms.flatMap(({ field }) => {
      const place = placeOf(model, field);
      return place.path.length === 0 ? [] : [[field, documentTypeOf(place.field)] as const];
    });
    return {
      name: engineName(`${model.name}_${name.replaceAll('.', '__')}`),
      columns: terms.map(({ field, descending }) => (descending ? `${field} desc` : field)),
      isUnique: false,
      ...(paths.length === 0 ? {} : { paths: Object.fromEntries(paths) }),
    };
  });
}

/** A point is there to be found: every field of them has an index of its place. */
function geoIndexes({ name, columns }: RecordModel): IndexShape[] {
  return columns
    .filter(({ field }) => field.spec.kind === 'geo')
    .map((column) => ({
      name: engineName(`${name}_${column.name}_near`),
      columns: [column.name],
      isUnique: false,
      bandsPerDegree: BANDS_PER_DEGREE,
    }));
}

/** Finds who has a file: asked when it is to go, and for whoever wants to load a private one. */
function fileIndexes({ name, columns }: RecordModel): IndexShape[] {
  return columns
    .filter(({ field }) => field.spec.kind === 'file' && !field.isUnique)
    .map((column) => ({
      name: engineName(`${name}_${column.name}_file`),
      columns: [column.name],
      isUnique: false,
    }));
}

/**
 * Finds who refers to a record: asked by the database for each record that is to go, which without an index reads the whole
 * table. (InnoDB would make one by itself.)
 */
function relationIndexes(model: RecordModel): IndexShape[] {
  return model.columns
    .filter(({ name, field }) => field.spec.kind === 'relation' && !isLedTo(model, name))
    .map(({ name }) => ({
      name: engineName(`${model.name}_${name}_relation`),
      columns: [name],
      isUnique: false,
    }));
}

/** Finds the records of a user: for their lists where the rule says whose they are, their export and their erasure. */
function userIndexes(model: RecordModel): IndexShape[] {
  return ownersOf(model)
    .filter((name) => !isLedTo(model, name))
    .map((name) => ({
      name: engineName(`${model.name}_${name}_user`),
      columns: [name, 'id'],
      isUnique: false,
    }));
}

/** The columns by which a record is somebody's. */
function ownersOf({ declared }: RecordModel): readonly string[] {
  const { rules, personal, fields } = declared;
  const owners = conditionsIn(declared, rules.list).flatMap(ownersIn);
  // Those of a field of several are found by its links.
  const persons = fieldsOfPersons(personal).filter((name) => fields[name]?.spec.kind === 'user');
  return [...new Set([...owners, ...persons])];
}

function ownersIn(condition: Condition): readonly string[] {
  if ('parts' in condition) return condition.parts.flatMap(ownersIn);
  if (condition.kind !== 'compare' || condition.comparator !== '=') return [];
  return condition.operand === caller && !condition.field.includes('.') ? [condition.field] : [];
}

/** Whether an index of all records begins with this column. */
function isLedTo(model: RecordModel, name: string): boolean {
  const isUnique = model.columns.some((column) => column.name === name && column.field.isUnique);
  if (isUnique && model.declared.softDelete === undefined) return true;
  return model.declared.indexes.some(([key = '']) => key.replace(/^-/, '') === name);
}

/** Finds what was deleted long enough ago to go for good. */
function deletionIndex({ name, declared }: RecordModel): IndexShape[] {
  if (declared.softDelete === undefined) return [];
  return [{ name: `${name}_deletedAt`, columns: ['deletedAt', 'id'], isUnique: false }];
}
