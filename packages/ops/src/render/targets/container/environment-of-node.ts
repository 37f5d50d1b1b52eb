import type { PlannedNode } from '../../../plan/box/planned-service.ts';
import { type AppPlace, isKept } from '../../app-places.ts';
import { heapOption } from '../../told-variables.ts';
import { type ContainerMeanings, DATA_FOLDER, type Variable } from './variable.ts';

/** Our keeper gives its workers their flags itself; any other Node takes them from its environment. */
export function ofNode(
  { port }: AppPlace,
  planned: PlannedNode,
  isOneProcess: boolean,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const isKeeperThere = isKept(planned) && !isOneProcess;
  return [
    { name: 'NODE_ENV', value: 'production' },
    { name: 'HOST', value: '0.0.0.0' },
    { name: 'PORT', value: String(port), meaning: meanings.port },
    ...(isKeeperThere ? forKeeper(planned, meanings) : forNode(planned, isOneProcess, meanings)),
    { name: 'DATABASE_POOL_SIZE', value: String(planned.poolSize), meaning: meanings.pool_size },
  ];
}

function forKeeper(
  { request: { oldSpaceMb }, budgetBytes, workers }: PlannedNode,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const heap: readonly Variable[] =
    oldSpaceMb === undefined
      ? []
      : [{ name: 'MAQUE_HEAP', value: heapOption(oldSpaceMb), meaning: meanings.told_setting }];
  return [
    { name: 'MAQUE_DATA_DIR', value: DATA_FOLDER },
    { name: 'MAQUE_MEMORY', value: String(budgetBytes), meaning: meanings.budget },
    { name: 'MAQUE_WORKERS', value: String(workers), meaning: meanings.workers },
    ...heap,
  ];
}

function forNode(
  { oldSpaceMb, semiSpaceMb, workers }: PlannedNode,
  isOneProcess: boolean,
  meanings: ContainerMeanings,
): readonly Variable[] {
  return [
    {
      name: 'NODE_OPTIONS',
      value: `--max-old-space-size=${oldSpaceMb} --max-semi-space-size=${semiSpaceMb}`,
      meaning: meanings.node_heap,
      formula: `${oldSpaceMb} + 3 × ${semiSpaceMb}`,
    },
    {
      name: 'WEB_CONCURRENCY',
      value: String(isOneProcess ? 1 : workers),
      meaning: meanings.web_concurrency,
    },
  ];
}
