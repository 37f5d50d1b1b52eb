export { allocate } from './plan/allocate.ts';
export type { BoxFacts, MemoryBound } from './plan/box-facts.ts';
export type {
  Budget,
  BudgetBasis,
  BudgetLine,
  DoesNotFit,
  ServerLimits,
  SmallestChange,
  WorkerBudget,
} from './plan/budget.ts';
export { formatBasis, formatBudget } from './plan/format-budget.ts';
export { readFacts } from './plan/read-facts.ts';
export type { PlanWishes } from './plan/wishes.ts';
export { displayWidth } from './present/display-width.ts';
export { formatTable, type TableColumn } from './present/text-table.ts';
export { hangingText, wrapText } from './present/wrap-text.ts';
