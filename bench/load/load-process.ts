import { answerCalls } from './child-calls.ts';
import { ClosedLoop } from './closed-loop.ts';
import type { LoadCall } from './load-client.ts';
import type { Load, LoadPlan } from './load-plan.ts';
import { OpenLoop } from './open-loop.ts';

/**
 * The load generator: a process of its own, so that reading /proc and printing in the measuring process do not delay
 * the load.
 */
let load: Load | undefined;

answerCalls<LoadCall>(async (call) => {
  if (call.name === 'start') {
    load = start(call.plan);
    return undefined;
  }
  if (load === undefined) throw new Error(`${call.name} before start`);
  return load[call.name]();
});

function start(plan: LoadPlan): Load {
  return plan.loop === 'closed' ? new ClosedLoop(plan) : new OpenLoop(plan);
}
