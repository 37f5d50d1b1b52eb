import { errors } from '@maque/contract';
import { type Bytes, formatBytes, type Text } from '@maque/kit';
import { Issues } from '../../define/check-value.ts';
import { fieldsInside } from '../../define/condition.ts';
import type { Field, Fields } from '../../define/field.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import type { RecordValues } from '../records/record-session.ts';
import { findUploads, type UploadRow } from './upload-store.ts';
import { mayManage } from './uploader.ts';

/** A field that holds files. */
export interface FileField {
  readonly name: string;
  readonly isMany: boolean;
  /** Types such as `image/jpeg`, or `image/*`; all where there is none. */
  readonly accept: readonly string[];
  /** Of one file. */
  readonly maxBytes: Bytes;
}

const ISSUE = {
  unknown: { en: 'is not a file of yours', zh: '不是你上传的文件' },
  kind: { en: 'must be one of {kinds}, and this is {kind}', zh: '应为 {kinds} 之一，实际是 {kind}' },
  size: { en: 'must not be larger than {max}', zh: '不能超过 {max}' },
} as const satisfies Record<string, Text>;

/** The fields of a collection that hold files. */
export function fileFieldsOf(fields: Fields): readonly FileField[] {
  return Object.entries(fields).flatMap(([name, { spec }]) => {
    if (spec.kind !== 'file' && spec.kind !== 'files') return [];
    const { accept, maxBytes } = spec;
    return [{ name, isMany: spec.kind === 'files', accept, maxBytes }];
  });
}

/** A write whose files are to be looked at. */
export interface FilesWrite {
  /** The fields that the caller gives; what others have by default is the app's own choice. */
  readonly names: readonly string[];
  readonly values: RecordValues;
  /** The record that is changed. What it has already may stay, whoever put it there. */
  readonly before?: RecordValues;
  readonly by: Identity;
}

/**
 * Refuses files that are not the caller's to give, and files that a field does not take. Whose a file is that is not there
 * nobody hears: both are "not a file of yours".
 * @throws CodedError VALIDATION_FAILED with every fault by its path.
 */
export async function checkFiles(
  connection: DatabaseConnection,
  fields: readonly FileField[],
  write: FilesWrite,
): Promise<void> {
  const given = fields.filter(({ name }) => write.names.includes(name));
  const named = given.flatMap((field) => newFiles(field, write));
  await refuseFiles(connection, named, write.by);
}

/** Whether a file may be named anywhere in values of these fields. */
export function mayNameFiles(fields: Fields): boolean {
  return Object.values(fields).some(holdsFiles);
}

/**
 * Refuses the same of the body of a route, however deep its fields nest.
 * @param body as it came, and checked: what fields have by default is the app's own choice.
 * @throws CodedError VALIDATION_FAILED with every fault by its path.
 */
export async function checkBodyFiles(
  connection: DatabaseConnection,
  fields: Fields,
  body: RecordValues,
  by: Identity,
): Promise<void> {
  await refuseFiles(connection, [...filesIn(fields, body, '')], by);
}

/** A file that is named, and what the field takes that it is named in. */
interface NamedFile {
  readonly field: Pick<FileField, 'accept' | 'maxBytes'>;
  readonly path: string;
  readonly id: string;
}

async function refuseFiles(
  connection: DatabaseConnection,
  named: readonly NamedFile[],
  by: Identity,
): Promise<void> {
  if (named.length === 0) return;
  const rows = await findUploads(connection, [...new Set(named.map(({ id }) => id))]);
  const uploads = new Map(rows.map((row) => [row.id, row]));
  const issues = new Issues();
  for (const { field, path, id } of named) {
    const upload = uploads.get(id);
    if (upload === undefined || !mayManage(by, upload)) issues.add(path, ISSUE.unknown);
    else checkUpload(field, upload, path, issues);
  }
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
}

/** The files that a write names in a field and that were not there before. */
function newFiles(field: FileField, { values, before = {} }: FilesWrite): NamedFile[] {
  const known = new Set(idsIn(before[field.name]));
  return idsIn(values[field.name])
    .map((id, index) => ({ field, path: field.isMany ? `${field.name}.${index}` : field.name, id }))
    .filter(({ id }) => !known.has(id));
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}

function holdsFiles(one: Field): boolean {
  const { spec } = one;
  if (spec.kind === 'list') return holdsFiles(spec.item);
  return spec.kind === 'file' || spec.kind === 'files' || mayNameFiles(fieldsInside(one) ?? {});
}

function* filesIn(fields: Fields, values: RecordValues, before: string): Generator<NamedFile> {
  for (const [name, one] of Object.entries(fields)) yield* filesOf(one, values[name], before + name);
}

function* filesOf(one: Field, value: unknown, path: string): Generator<NamedFile> {
  if (value === undefined || value === null) return;
  const { spec } = one;
  if (spec.kind === 'file') yield { field: spec, path, id: value as string };
  else if (spec.kind === 'files') {
    for (const [index, id] of idsIn(value).entries()) yield { field: spec, path: `${path}.${index}`, id };
  } else if (spec.kind === 'list') {
    for (const [index, item] of (value as readonly unknown[]).entries())
      yield* filesOf(spec.item, item, `${path}.${index}`);
  } else {
    const inside = fieldsInside(one);
    if (inside !== undefined) yield* filesIn(inside, value as RecordValues, `${path}.`);
  }
}

function checkUpload(
  { accept, maxBytes }: NamedFile['field'],
  upload: UploadRow,
  path: string,
  issues: Issues,
): void {
  if (accept.length > 0 && !accept.some((kind) => isOfKind(upload.type, kind))) {
    issues.add(path, ISSUE.kind, { kinds: accept.join(', '), kind: upload.type });
  } else if (upload.bytes > maxBytes) {
    issues.add(path, ISSUE.size, { max: formatBytes(maxBytes) });
  }
}

/** @param kind such as `image/jpeg`, or `image/*` for every picture. */
function isOfKind(type: string, kind: string): boolean {
  return kind.endsWith('/*') ? type.startsWith(kind.slice(0, -1)) : type === kind;
}
