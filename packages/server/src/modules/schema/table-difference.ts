import type { SearchColumn } from '../../ports/text-search.ts';
import {
  type ColumnShape,
  columnOfKey,
  type IndexShape,
  type LinkShape,
  type TableShape,
} from './table-shape.ts';

export type TableStep =
  | { readonly kind: 'drop-search' }
  | { readonly kind: 'drop-links'; readonly links: LinkShape }
  | { readonly kind: 'drop-index'; readonly index: IndexShape }
  /** `becomes` when a field of another kind takes its place. */
  | { readonly kind: 'drop-column'; readonly column: ColumnShape; readonly becomes?: ColumnShape }
  /** Of a table that goes: what goes together may refer to each other in a circle. */
  | { readonly kind: 'clear-references'; readonly columns: readonly string[] }
  | { readonly kind: 'drop-table' }
  | { readonly kind: 'create-table'; readonly columns: readonly ColumnShape[] }
  | { readonly kind: 'rename-column'; readonly from: string; readonly to: string }
  | { readonly kind: 'add-column'; readonly column: ColumnShape }
  | { readonly kind: 'require'; readonly column: string }
  | { readonly kind: 'create-index'; readonly index: IndexShape }
  | { readonly kind: 'create-links'; readonly links: LinkShape }
  | { readonly kind: 'create-search'; readonly columns: readonly SearchColumn[] };

/**
 * The order in which steps are done, of all tables together: what stands on a column goes before the column, and comes
 * after it; what refers to a table goes before the table.
 */
export const STEP_ORDER: readonly TableStep['kind'][] = [
  'drop-search',
  'drop-links',
  'drop-index',
  'drop-column',
  'clear-references',
  'drop-table',
  'create-table',
  'rename-column',
  'add-column',
  'require',
  'create-index',
  'create-links',
  'create-search',
];

/** What a column was called before, by what it is called now. */
export type Renames = Readonly<Record<string, string>>;

/** How a table gets from what it is to what is wanted, each undefined where there is no table; pure. */
export function tableDifference(
  before: TableShape | undefined,
  after: TableShape | undefined,
  renames: Renames = {},
): readonly TableStep[] {
  const steps = [
    ...columnSteps(before, after, renames),
    ...partSteps(before, after, touchedColumns(before, after, renames)),
  ];
  return steps.sort((a, b) => STEP_ORDER.indexOf(a.kind) - STEP_ORDER.indexOf(b.kind));
}

function columnSteps(
  before: TableShape | undefined,
  after: TableShape | undefined,
  renames: Renames,
): TableStep[] {
  if (after === undefined) return before === undefined ? [] : removalSteps(before);
  if (before === undefined) return [{ kind: 'create-table', columns: after.columns }];
  const known = new Map(before.columns.map((column) => [column.name, column]));
  const gone = new Set(known.keys());
  const steps = after.columns.flatMap((column) => {
    const from = formerName(column.name, known, after, renames);
    gone.delete(from);
    return changeSteps(known.get(from), column);
  });
  for (const name of gone) steps.push({ kind: 'drop-column', column: known.get(name) as ColumnShape });
  return steps;
}

function removalSteps({ columns }: TableShape): TableStep[] {
  const references = columns.filter((column) => column.references !== undefined).map(({ name }) => name);
  const drop: TableStep = { kind: 'drop-table' };
  return references.length === 0 ? [drop] : [{ kind: 'clear-references', columns: references }, drop];
}

/** What a wanted column is called in the table as it is. A name that is there already was taken over before. */
function formerName(
  name: string,
  known: ReadonlyMap<string, ColumnShape>,
  { columns }: TableShape,
  renames: Renames,
): string {
  const from = renames[name];
  if (from === undefined || known.has(name) || !known.has(from)) return name;
  return columns.some((column) => column.name === from) ? name : from;
}

function changeSteps(before: ColumnShape | undefined, after: ColumnShape): TableStep[] {
  if (before === undefined) return [{ kind: 'add-column', column: after }];
  if (before.storage !== after.storage || before.references !== after.references) {
    return [
      { kind: 'drop-column', column: before, becomes: after },
      { kind: 'add-column', column: after },
    ];
  }
  const { name } = after;
  return [
    ...(before.name === name ? [] : [{ kind: 'rename-column', from: before.name, to: name } as const]),
    ...(after.isRequired && !before.isRequired ? [{ kind: 'require', column: name } as const] : []),
  ];
}

/** Columns that are not the same column afterwards, by their names before and after: what stands on them is made anew. */
function touchedColumns(
  before: TableShape | undefined,
  after: TableShape | undefined,
  renames: Renames,
): ReadonlySet<string> {
  const names = columnSteps(before, after, renames).flatMap((step) => {
    if (step.kind === 'rename-column') return [step.from, step.to];
    return step.kind === 'drop-column' || step.kind === 'add-column' ? [step.column.name] : [];
  });
  return new Set(names);
}

/** Indexes, links and the search. */
function partSteps(
  before: TableShape | undefined,
  after: TableShape | undefined,
  touched: ReadonlySet<string>,
): TableStep[] {
  const indexes = changedParts(before?.indexes, after?.indexes, ({ columns }) =>
    columns.some((column) => touched.has(columnOfKey(column))),
  );
  const links = changedParts(before?.links, after?.links, ({ field }) => touched.has(field));
  const search = changedParts(searchOf(before), searchOf(after), (columns) =>
    columns.some(({ name }) => touched.has(name)),
  );
  return [
    // With its table an index goes by itself.
    ...(after === undefined ? [] : indexes.gone.map((index) => ({ kind: 'drop-index', index }) as const)),
    ...indexes.come.map((index) => ({ kind: 'create-index', index }) as const),
    ...links.gone.map((one) => ({ kind: 'drop-links', links: one }) as const),
    ...links.come.map((one) => ({ kind: 'create-links', links: one }) as const),
    ...search.gone.map(() => ({ kind: 'drop-search' }) as const),
    ...search.come.map((columns) => ({ kind: 'create-search', columns }) as const),
  ];
}

function searchOf(shape: TableShape | undefined): readonly (readonly SearchColumn[])[] {
  return shape?.search === undefined ? [] : [shape.search];
}

function changedParts<Part>(
  before: readonly Part[] = [],
  after: readonly Part[] = [],
  isTouched: (part: Part) => boolean,
): { readonly gone: readonly Part[]; readonly come: readonly Part[] } {
  const kept = new Set(before.filter((part) => !isTouched(part)).map((part) => JSON.stringify(part)));
  const wanted = new Set(after.map((part) => JSON.stringify(part)));
  return {
    gone: before.filter((part) => isTouched(part) || !wanted.has(JSON.stringify(part))),
    come: after.filter((part) => !kept.has(JSON.stringify(part))),
  };
}
