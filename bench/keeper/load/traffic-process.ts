import { answerCalls } from '../../load/child-calls.ts';
import { Traffic } from './traffic.ts';
import type { TrafficCall } from './traffic-client.ts';

/** The generator: a process of its own, so that what measures does not delay the traffic. */
let traffic: Traffic | undefined;

answerCalls<TrafficCall>(async (call) => {
  if (call.name === 'start') {
    traffic = new Traffic(call.plan);
    return undefined;
  }
  if (traffic === undefined) throw new Error(`${call.name} before start`);
  if (call.name === 'setRate') return traffic.setRate(call.requestsPerSecond);
  if (call.name === 'setHarm') return traffic.setHarm(call.harm);
  return traffic[call.name]();
});
