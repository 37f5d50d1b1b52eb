import { allocate, type BoxFacts, type Budget, type DoesNotFit } from '@maque/ops';
import { oldSpaceMbOf } from '../settings/resolve-with-budget.ts';
import type { MaqueSettings } from '../settings/settings-table.ts';

/**
 * The sum of a program that knows nothing of Maque, with its keeper.
 * @param workers how many there are already; as many as the settings say, or fit, unless told.
 */
export function programBudget(
  settings: Pick<MaqueSettings, 'memory' | 'workers' | 'heap'>,
  facts: BoxFacts,
  workers = settings.workers,
): Budget | DoesNotFit {
  return allocate(facts, { memoryBytes: settings.memory, workers, oldSpaceMb: oldSpaceMbOf(settings) });
}
