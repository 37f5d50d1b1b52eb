import type { Text, TextData } from '@maque/kit';
import type { SearchColumn } from '../../ports/text-search.ts';
import type { ColumnShape, IndexShape, LinkShape, TableShape } from './table-shape.ts';

export type TableStep =
  | { readonly kind: 'create-table'; readonly columns: readonly ColumnShape[] }
  | { readonly kind: 'add-column'; readonly column: ColumnShape }
  | { readonly kind: 'require'; readonly column: string }
  | { readonly kind: 'create-index'; readonly index: IndexShape }
  | { readonly kind: 'drop-index'; readonly index: IndexShape }
  | { readonly kind: 'create-links'; readonly links: LinkShape }
  | { readonly kind: 'drop-links'; readonly links: LinkShape }
  | { readonly kind: 'create-search'; readonly columns: readonly SearchColumn[] }
  | { readonly kind: 'drop-search' };

/** Why a table cannot become what is declared without losing or breaking records. */
export interface TableProblem {
  readonly column: string;
  readonly issue: Text;
  readonly data: TextData;
}

export interface TableDifference {
  readonly steps: readonly TableStep[];
  readonly problems: readonly TableProblem[];
}

const ISSUE = {
  removed: {
    en: 'has been removed, and its values would be lost; keep it as .optional().hidden()',
    zh: '已被删除,其数据会丢失;请保留并标为 .optional().hidden()',
  },
  kindChanged: {
    en: 'was stored as {before} and would be {after}; declare a field of another name and copy the values',
    zh: '原以 {before} 存储,现为 {after};请另起字段名并复制数据',
  },
  targetChanged: {
    en: 'referred to {before} and would refer to {after}; declare a field of another name',
    zh: '原指向 {before},现指向 {after};请另起字段名',
  },
  needsFill: {
    en: 'is required, but the records that are there have no value; give it a .default(…) or make it .optional()',
    zh: '为必填,但现有记录没有值;请加 .default(…) 或 .optional()',
  },
} as const satisfies Record<string, Text>;

/** How a table gets from what it is to what is declared; pure. */
export function tableDifference(before: TableShape | undefined, after: TableShape): TableDifference {
  if (before === undefined) {
    const create: TableStep = { kind: 'create-table', columns: after.columns };
    return {
      steps: [
        create,
        ...after.indexes.map(createIndex),
        ...linkSteps([], after.links ?? []),
        ...searchSteps(undefined, after.search),
      ],
      problems: [],
    };
  }
  const known = new Map(before.columns.map((column) => [column.name, column]));
  const wanted = new Set(after.columns.map(({ name }) => name));
  const steps: TableStep[] = [];
  const problems: TableProblem[] = before.columns
    .filter(({ name }) => !wanted.has(name))
    .map(({ name }) => ({ column: name, issue: ISSUE.removed, data: {} }));
  for (const column of after.columns) {
    const old = known.get(column.name);
    const problem = old === undefined ? additionProblem(column) : changeProblem(old, column);
    if (problem !== undefined) problems.push(problem);
    else if (old === undefined) steps.push({ kind: 'add-column', column });
    else if (column.isRequired && !old.isRequired) steps.push({ kind: 'require', column: column.name });
  }
  return {
    steps: [
      ...steps,
      ...indexSteps(before.indexes, after.indexes),
      ...linkSteps(before.links ?? [], after.links ?? []),
      ...searchSteps(before.search, after.search),
    ],
    problems,
  };
}

function additionProblem(column: ColumnShape): TableProblem | undefined {
  const isFilled = !column.isRequired || column.fill !== undefined;
  return isFilled ? undefined : { column: column.name, issue: ISSUE.needsFill, data: {} };
}

function changeProblem(before: ColumnShape, after: ColumnShape): TableProblem | undefined {
  const column = after.name;
  if (before.storage !== after.storage) {
    const data = { before: before.storage, after: after.storage };
    return { column, issue: ISSUE.kindChanged, data };
  }
  // A reference once made stays in the table, so it cannot be turned or taken away.
  if (before.references !== after.references) {
    const data = { before: before.references ?? '–', after: after.references ?? '–' };
    return { column, issue: ISSUE.targetChanged, data };
  }
  return undefined;
}

function indexSteps(before: readonly IndexShape[], after: readonly IndexShape[]): TableStep[] {
  return [
    ...missingIn(after, before).map((index): TableStep => ({ kind: 'drop-index', index })),
    ...missingIn(before, after).map(createIndex),
  ];
}

function linkSteps(before: readonly LinkShape[], after: readonly LinkShape[]): TableStep[] {
  return [
    ...missingIn(after, before).map((links): TableStep => ({ kind: 'drop-links', links })),
    ...missingIn(before, after).map((links): TableStep => ({ kind: 'create-links', links })),
  ];
}

function searchSteps(before: TableShape['search'], after: TableShape['search']): TableStep[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    ...(before === undefined ? [] : [{ kind: 'drop-search' } as const]),
    ...(after === undefined ? [] : [{ kind: 'create-search', columns: after } as const]),
  ];
}

/** Those of `shapes` that `others` has not, or not like this. */
function missingIn<Shape>(others: readonly Shape[], shapes: readonly Shape[]): Shape[] {
  const known = new Set(others.map((other) => JSON.stringify(other)));
  return shapes.filter((shape) => !known.has(JSON.stringify(shape)));
}

function createIndex(index: IndexShape): TableStep {
  return { kind: 'create-index', index };
}
