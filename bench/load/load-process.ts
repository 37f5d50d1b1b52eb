import { ClosedLoop } from './closed-loop.ts';
import type { Answered, Asked } from './load-client.ts';
import type { Load, LoadPlan } from './load-plan.ts';
import { OpenLoop } from './open-loop.ts';

/**
 * The load generator: a process of its own, so that reading /proc and printing in the measuring process do not delay
 * the load. It does what its parent asks and ends with it.
 */
let load: Load | undefined;

process.on('message', async ({ id, call }: Asked) => {
  let answered: Answered;
  try {
    answered = { id, value: await perform(call) };
  } catch (error) {
    answered = { id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answered);
});
process.on('disconnect', () => process.exit(0));

async function perform(call: Asked['call']): Promise<unknown> {
  if (call.name === 'start') {
    load = start(call.plan);
    return undefined;
  }
  if (load === undefined) throw new Error(`${call.name} before start`);
  return load[call.name]();
}

function start(plan: LoadPlan): Load {
  return plan.loop === 'closed' ? new ClosedLoop(plan) : new OpenLoop(plan);
}
