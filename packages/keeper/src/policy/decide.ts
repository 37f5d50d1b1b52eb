import type { Milliseconds } from '@maque/kit';
import { backoffMs } from './backoff.ts';
import { hearFacts, replaceCondemned } from './condemn.ts';
import { Draft } from './draft.ts';
import type {
  Decision,
  KeeperState,
  Moment,
  PolicyEvent,
  RecycleReason,
  ToldFailure,
  WorkerRecord,
} from './model.ts';
import {
  abandonReplacement,
  advanceReplacements,
  putFirst,
  queueRecycle,
  versionFor,
} from './replace-workers.ts';
import { advanceRollout, beginRollout, endTrial, rolloutDeath } from './roll-out.ts';
import { attendSnapshot, watchSilence } from './watch-silence.ts';

// Ticks come every half second at least; a gap beyond this means that the keeper itself did not run (SIGSTOP, a
// suspended machine, a starved core), and silence in that time says nothing about the workers.
const STALL_MS = 1_250;

// What a worker gets to end by itself after its drain deadline, or after it said that it cannot start.
const EXIT_MARGIN_MS = 2_000;

// A close that meets a request on its way loses that one; a worker that V8 aborts loses one on every connection that it has.
// For half of the time that is left idle connections may still be closed by their next answer, which loses none.
const hasteOf = (livesMs: Milliseconds) => ({ idleGraceMs: Math.min(1_000, livesMs / 2), spreadMs: 500 });

// Single deaths happen; from the third in a row without a stable time between somebody should look.
const CRASH_LOOP_DEATHS = 3;

/** What the keeper does next. Pure: everything it may know comes in, everything it wants done goes out. */
export function decide(state: KeeperState, event: PolicyEvent, moment: Moment): Decision {
  if (state.mode === 'over') return { state, actions: [] };
  const draft = new Draft(state, moment);
  apply(draft, event);
  if (draft.mode === 'starting' || draft.mode === 'running') {
    fillSeats(draft);
    advanceReplacements(draft, drain);
    advanceRollout(draft);
  }
  if (draft.mode === 'stopping' && draft.workers.length === 0) end(draft);
  return draft.finish();
}

function apply(draft: Draft, event: PolicyEvent): void {
  switch (event.type) {
    case 'tick':
      tick(draft);
      break;
    case 'ready':
      saysReady(draft, event.id, event.info);
      break;
    case 'probed':
      probed(draft, event.id, event.failure);
      break;
    case 'elsewhere':
      listensElsewhere(draft, event.id, event.expected);
      break;
    case 'heartbeat':
      draft.update(event.id, { heardMs: draft.atMs });
      hearFacts(draft, event.id, event.facts);
      break;
    case 'snapshot':
      attendSnapshot(draft, event.id, event.underway);
      break;
    case 'failed':
      failed(draft, event.id, event.failure);
      break;
    case 'drained':
      drained(draft, event.id, event.requestsCut);
      break;
    case 'exited':
      exited(draft, event);
      break;
    case 'recycle':
      queueRecycle(draft, event.ids, event.reason);
      break;
    case 'deploy':
      beginRollout(draft, event);
      break;
    case 'box':
      heedBox(draft, event);
      break;
    case 'evacuate':
      evacuate(draft, event.id, event.withinMs);
      break;
    case 'stop':
      stop(draft, event.reason, event.immediately);
      break;
  }
}

/** What a worker says of itself is believed once it has answered. */
function saysReady(draft: Draft, id: string, info: Readonly<Record<string, unknown>>): void {
  const worker = draft.find(id);
  if (worker?.phase !== 'starting') return;
  draft.update(id, { ready: { bootMs: draft.atMs - worker.sinceMs, info } });
  draft.enter(id, 'probing', draft.atMs + draft.policy.probeTimeoutMs);
  draft.act({ type: 'probe', id });
}

function probed(draft: Draft, id: string, failure: string | null): void {
  const worker = draft.find(id);
  if (worker?.phase !== 'probing') return;
  if (failure !== null) {
    draft.note('PROBE_FAILED', { worker: id, reason: failure });
    draft.kill(id, 'probe-failed');
    return;
  }
  draft.note('WORKER_READY', { worker: id, ...worker.ready });
  draft.enter(id, 'ready', Number.POSITIVE_INFINITY);
  if (worker.heardMs !== null) draft.update(id, { heardMs: draft.atMs });
  if (draft.mode === 'starting') draft.mode = 'running';
}

function listensElsewhere(draft: Draft, id: string, expected: readonly string[]): void {
  if (draft.find(id)?.phase !== 'probing') return;
  draft.note('LISTENS_ELSEWHERE', { worker: id, expected: expected.join(', ') });
  draft.kill(id, 'elsewhere');
}

function drained(draft: Draft, id: string, requestsCut: number): void {
  if (requestsCut > 0) draft.note('REQUESTS_CUT', { worker: id, requests: requestsCut });
  else draft.note('WORKER_DRAINED', { worker: id });
}

/** It said that starting is hopeless: it has a moment to end by itself. */
function failed(draft: Draft, id: string, told: ToldFailure): void {
  const worker = draft.find(id);
  if (worker?.phase !== 'starting') return;
  draft.note('WORKER_FAILED', { worker: id, ...told });
  draft.update(id, { told, deadlineMs: Math.min(worker.deadlineMs, draft.atMs + EXIT_MARGIN_MS) });
}

function tick(draft: Draft): void {
  const gapMs = draft.atMs - draft.tickedMs;
  if (gapMs > STALL_MS) {
    draft.forgive(gapMs);
    draft.note('KEEPER_STALLED', { gapMs });
  }
  for (const worker of draft.workers) {
    if (worker.phase === 'killed') continue;
    if (draft.atMs >= worker.deadlineMs) expire(draft, worker);
    else watchSilence(draft, worker);
  }
  if (draft.mode === 'running') {
    replaceCondemned(draft);
    endTrial(draft);
  }
  draft.tickedMs = draft.atMs;
}

function expire(draft: Draft, worker: WorkerRecord): void {
  const data = { worker: worker.id, waitedMs: draft.atMs - worker.sinceMs };
  if (worker.phase === 'starting') {
    draft.note('WORKER_NOT_LISTENING', data);
    draft.kill(worker.id, 'boot-timeout');
  } else if (worker.phase === 'probing') {
    draft.note('PROBE_FAILED', { worker: worker.id, reason: null });
    draft.kill(worker.id, 'probe-failed');
  } else {
    draft.note('DRAIN_EXPIRED', data);
    draft.kill(worker.id, 'drain-timeout');
  }
}

function exited(draft: Draft, event: Extract<PolicyEvent, { type: 'exited' }>): void {
  const worker = draft.find(event.id);
  if (worker === undefined) return;
  draft.remove(worker.id);
  draft.note('WORKER_EXITED', { worker: worker.id, exit: event.exit });
  if (draft.mode === 'starting') {
    draft.note('GAVE_UP', {});
    draft.mode = 'over';
    draft.act({ type: 'end', failure: { worker: worker.id, exit: event.exit, told: worker.told } });
  } else if (draft.mode === 'running' && !wasAskedToGo(worker)) {
    died(draft, worker, event);
  }
}

function died(draft: Draft, worker: WorkerRecord, { exit }: Extract<PolicyEvent, { type: 'exited' }>): void {
  const served = !neverServed(worker);
  countFailure(draft, worker, served);
  if (!served) abandonReplacement(draft, worker);
  rolloutDeath(draft, worker, { exit, told: worker.told, served });
}

/** A worker that outlasts its drain is late, not broken; one that grew too large had to make room. */
function wasAskedToGo({ phase, endedFor }: WorkerRecord): boolean {
  if (phase === 'draining') return true;
  return endedFor === 'recycle' || endedFor === 'drain-timeout' || endedFor === 'memory';
}

function neverServed({ phase, endedFor }: WorkerRecord): boolean {
  if (phase === 'starting' || phase === 'probing') return true;
  return endedFor === 'boot-timeout' || endedFor === 'probe-failed' || endedFor === 'elsewhere';
}

function countFailure(draft: Draft, worker: WorkerRecord, served: boolean): void {
  const seat = draft.seat(worker.seat);
  const wasStable = served && draft.atMs - worker.sinceMs >= draft.policy.stableAfterMs;
  const failures = wasStable ? 1 : seat.failures + 1;
  const delayMs = backoffMs(failures, draft.policy, draft.random);
  draft.updateSeat(worker.seat, { failures, openAtMs: draft.atMs + delayMs });
  if (delayMs > 0) draft.note('RESTART_DELAYED', { worker: worker.id, failures, delayMs });
  if (failures === CRASH_LOOP_DEATHS) draft.note('CRASH_LOOP', { worker: worker.id, failures });
}

/**
 * Starts a worker for every empty seat whose time has come. While nobody serves, one at a time: the first one to
 * fail tells its error once instead of N times, and two that bind a taken port at once can crash node:cluster
 * (queryServer reads the data of a handle that the first error has already deleted).
 */
function fillSeats(draft: Draft): void {
  for (const [seat, { openAtMs }] of draft.seats.entries()) {
    const somebodyServes = draft.serving.length > 0;
    const somebodyTries = draft.workers.some(
      ({ phase }) => phase === 'starting' || phase === 'probing' || phase === 'killed',
    );
    if (!somebodyServes && somebodyTries) return;
    const taken = draft.workers.some(
      // A draining worker does not hold its seat: its successor may start beside it if there is room.
      (worker) => worker.seat === seat && worker.phase !== 'draining',
    );
    if (!taken && draft.atMs >= openAtMs && draft.hasRoom()) draft.spawn(seat, versionFor(draft, seat));
  }
}

function heedBox(draft: Draft, { spareFits, recycle, kill }: Extract<PolicyEvent, { type: 'box' }>): void {
  draft.spareFits = spareFits;
  if (kill !== null && isAlive(draft.find(kill))) draft.kill(kill, 'memory');
  else if (recycle !== null) queueRecycle(draft, [recycle], 'memory');
}

/** What V8 is about to abort leaves its connections to the others, with the clients' next request or at once. */
function evacuate(draft: Draft, id: string, livesMs: Milliseconds): void {
  const worker = draft.find(id);
  if (draft.mode !== 'running' || worker === undefined) return;
  draft.update(id, { livesMs });
  if (worker.phase !== 'draining') putFirst(draft, id);
  else if (draft.serving.length > 0) actDrain(draft, id, 'memory', draft.policy.recycleIdleGraceMs);
}

function isAlive(worker: WorkerRecord | undefined): boolean {
  return worker !== undefined && worker.phase !== 'killed';
}

function stop(draft: Draft, reason: string, immediately: boolean): void {
  if (draft.mode !== 'stopping') draft.note('STOPPING', { reason });
  draft.mode = 'stopping';
  draft.recycleQueue = [];
  draft.replacement = null;
  draft.rollout = null;
  for (const { id, phase } of draft.workers) {
    if (phase === 'killed') continue;
    if (immediately || phase === 'starting') draft.kill(id, 'stop');
    else drain(draft, id, 'stop', draft.policy.stopIdleGraceMs);
  }
}

function drain(draft: Draft, id: string, reason: RecycleReason | 'stop', idleGraceMs: number): void {
  const { drainTimeoutMs, autopsyTimeoutMs } = draft.policy;
  const mostMs = drainTimeoutMs + (mayExamineItself(draft, reason) ? autopsyTimeoutMs : 0) + EXIT_MARGIN_MS;
  draft.note('WORKER_DRAINING', { worker: id, reason });
  draft.enter(id, 'draining', draft.atMs + mostMs);
  draft.update(id, { endedFor: reason === 'stop' ? 'stop' : 'recycle' });
  actDrain(draft, id, reason, idleGraceMs);
}

function actDrain(draft: Draft, id: string, reason: RecycleReason | 'stop', idleGraceMs: number): void {
  const livesMs = draft.find(id)?.livesMs ?? null;
  const haste = livesMs === null ? { idleGraceMs } : hasteOf(livesMs);
  const timeoutMs = draft.policy.drainTimeoutMs;
  const autopsy = mayExamineItself(draft, reason);
  draft.act({ type: 'drain', id, reason, timeoutMs, autopsy, ...haste });
}

function mayExamineItself({ policy }: Draft, reason: RecycleReason | 'stop'): boolean {
  return (reason === 'leak' || reason === 'memory') && policy.autopsyTimeoutMs > 0;
}

function end(draft: Draft): void {
  draft.note('STOPPED', {});
  draft.mode = 'over';
  draft.act({ type: 'end', failure: null });
}
