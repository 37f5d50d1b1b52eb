import { errors } from '@maque/contract';
import { MINUTE } from '@maque/kit';
import type { Condition } from '../../define/condition.ts';
import type { Database, QueryPlan, Statement } from '../../ports/database.ts';
import { Quota } from './quota.ts';
import type { RecordModel } from './record-model.ts';
import type { SortTerm } from './sort-terms.ts';
import type { StatementTemplate } from './statement-template.ts';
import { suggestIndex } from './suggest-index.ts';

/** A list that reads a whole large table before it answers anything. */
export interface ScanFinding {
  readonly collection: string;
  /** Roughly. */
  readonly rows: number;
  readonly sql: string;
  /** In the engine's own words. */
  readonly plan: readonly string[];
  /** The index to declare; empty where none helps. */
  readonly index: readonly string[];
}

export interface PlanGuardOptions {
  readonly database: Pick<Database, 'explain' | 'estimateRows'>;
  /** Whether such a list is refused, in development; otherwise it is told of once and runs. */
  readonly refuses: boolean;
  readonly onScan: (finding: ScanFinding) => void;
}

/** A list as it is about to run. */
export interface GuardedList {
  readonly model: RecordModel;
  readonly condition: Condition;
  readonly sort: readonly SortTerm[];
  readonly template: StatementTemplate;
  readonly statement: Statement;
}

// Reading so many rows takes some 10 ms of the event loop on a cloud core; fewer are read as quickly as an index helps.
const LARGE_TABLE_ROWS = 10_000;
// A table grows over the bound by hundreds of runs, so its size is asked for once in so many.
const RUNS_BETWEEN_LOOKS = 100;
// A filter of a stranger's own making is a shape of its own; to explain one takes some 0.1 ms. Whatever is left is looked
// at when it comes again.
const LOOKS_A_MINUTE = 60;

/** What is known of one shape of list. A plan is looked at once, when the table has become large. */
type Look =
  | { readonly state: 'small'; runs: number }
  | { readonly state: 'fine' }
  | { readonly state: 'scan'; readonly finding: ScanFinding };

const FINE: Look = Object.freeze({ state: 'fine' });

/** Looks at how the engine goes about lists, once a shape, and finds those that read all of a large table. */
export class PlanGuard {
  readonly #options: PlanGuardOptions;
  /** Goes with the templates, whose number is bounded. */
  readonly #looks = new WeakMap<StatementTemplate, Look>();
  readonly #quota = new Quota(LOOKS_A_MINUTE, MINUTE);
  #scans = 0;

  constructor(options: PlanGuardOptions) {
    this.#options = options;
  }

  /** Lists that have read all of a large table, as far as they were looked at. */
  get scans(): number {
    return this.#scans;
  }

  /** To be called before each run; answers nothing where there is nothing to wait for. @throws CodedError INDEX_MISSING. */
  check(list: GuardedList): Promise<void> | undefined {
    const look = this.#looks.get(list.template);
    if (look === FINE) return undefined;
    if (look?.state === 'small' && look.runs < RUNS_BETWEEN_LOOKS) {
      look.runs += 1;
      return undefined;
    }
    if (look?.state === 'scan') return this.#onScan(look.finding);
    const isLeftOut = !this.#options.refuses && !this.#quota.take(performance.now());
    return isLeftOut ? undefined : this.#look(list);
  }

  async #look(list: GuardedList): Promise<void> {
    const { database, onScan } = this.#options;
    const rows = await database.estimateRows(list.model.name);
    if (rows < LARGE_TABLE_ROWS) {
      this.#looks.set(list.template, { state: 'small', runs: 1 });
      return;
    }
    const finding = findingOf(list, rows, await database.explain(list.statement));
    if (finding === undefined) {
      this.#looks.set(list.template, FINE);
      return;
    }
    this.#looks.set(list.template, { state: 'scan', finding });
    onScan(finding);
    await this.#onScan(finding);
  }

  async #onScan({ collection, rows, index }: ScanFinding): Promise<void> {
    this.#scans += 1;
    if (!this.#options.refuses || index.length === 0) return;
    const declaration = `indexes: [[${index.map((key) => `'${key}'`).join(', ')}]]`;
    throw errors.INDEX_MISSING({ data: { collection, rows, declaration } });
  }
}

/**
 * A scan that walks an index in the order of the list ends with the page, so it is none here; one that sorts afterwards,
 * or that walks no index, reads every row.
 */
function findingOf(
  { model, condition, sort, statement }: GuardedList,
  rows: number,
  { steps, sorts }: QueryPlan,
): ScanFinding | undefined {
  const isRead = steps.some(
    ({ table, isScan, index }) => table === model.name && isScan && (sorts || index === null),
  );
  if (!isRead) return undefined;
  return {
    collection: model.name,
    rows,
    sql: statement.sql,
    plan: steps.map(({ detail }) => detail),
    index: suggestIndex(condition, sort),
  };
}
