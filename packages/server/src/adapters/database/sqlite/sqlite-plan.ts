import type { PlanStep, QueryPlan } from '../../../ports/database.ts';

// The lines of `explain query plan`, as https://www.sqlite.org/eqp.html shows them.
const READ = /^(SCAN|SEARCH) (\S+)(?: USING (?:(AUTOMATIC) )?(?:PARTIAL )?(?:COVERING )?INDEX (\S+))?/;
// "USE TEMP B-TREE FOR LAST TERM OF ORDER BY" sorts only rows that are the same until there.
const SORT = /^USE TEMP B-TREE FOR (ORDER BY|GROUP BY|DISTINCT)/;

/** @param details the lines of the plan, in order. */
export function readPlan(details: readonly string[]): QueryPlan {
  return {
    steps: details.flatMap(stepOf),
    sorts: details.some((detail) => SORT.test(detail)),
  };
}

function stepOf(detail: string): PlanStep[] {
  const [, verb, table, automatic, index] = READ.exec(detail) ?? [];
  if (table === undefined) return [];
  // An automatic index is made for this one query, of the whole table.
  const isScan = verb === 'SCAN' || automatic !== undefined;
  // A virtual table says for itself what it reads: of a search only what matches.
  return [
    {
      table,
      index: automatic === undefined ? (index ?? null) : null,
      isScan: isScan && !detail.includes('VIRTUAL TABLE'),
      detail,
    },
  ];
}
