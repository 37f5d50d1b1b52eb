import { backoffMs } from './backoff.ts';
import { Draft } from './draft.ts';
import type {
  Decision,
  EndedFor,
  KeeperState,
  Moment,
  PolicyEvent,
  ToldFailure,
  WorkerRecord,
} from './model.ts';
import { abandonReplacement, advanceReplacements, queueRecycle } from './replace-workers.ts';

// Ticks come every quarter of a second; a gap of a whole second means that the keeper itself did not run (SIGSTOP,
// a suspended machine, a starved core), and silence in that time says nothing about the workers.
const STALL_MS = 1_000;

// What a worker gets to end by itself after its drain deadline, or after it said that it cannot start.
const EXIT_MARGIN_MS = 2_000;

/** What the keeper does next. Pure: everything it may know comes in, everything it wants done goes out. */
export function decide(state: KeeperState, event: PolicyEvent, moment: Moment): Decision {
  if (state.mode === 'over') return { state, actions: [] };
  const draft = new Draft(state, moment);
  apply(draft, event);
  if (draft.mode === 'starting' || draft.mode === 'running') {
    fillSeats(draft);
    advanceReplacements(draft, drain);
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
      becomeReady(draft, event.id, event.info);
      break;
    case 'heartbeat':
      draft.update(event.id, { heardMs: draft.atMs });
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
    case 'stop':
      stop(draft, event.reason, event.immediately);
      break;
  }
}

function becomeReady(draft: Draft, id: string, info: Readonly<Record<string, unknown>>): void {
  const worker = draft.find(id);
  if (worker?.phase !== 'starting') return;
  draft.note('WORKER_READY', { worker: id, bootMs: draft.atMs - worker.sinceMs, info });
  draft.enter(id, 'ready', Number.POSITIVE_INFINITY);
  if (worker.heardMs !== null) draft.update(id, { heardMs: draft.atMs });
  if (draft.mode === 'starting') draft.mode = 'running';
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
  draft.tickedMs = draft.atMs;
  if (gapMs > STALL_MS) {
    draft.forgive(gapMs);
    draft.note('KEEPER_STALLED', { gapMs });
  }
  for (const worker of draft.workers) {
    if (worker.phase === 'killed') continue;
    if (draft.atMs >= worker.deadlineMs) expire(draft, worker);
    else if (isHung(draft, worker)) {
      draft.note('WORKER_HUNG', { worker: worker.id, silentMs: draft.atMs - (worker.heardMs ?? draft.atMs) });
      kill(draft, worker.id, 'hang');
    }
  }
}

function isHung(draft: Draft, worker: WorkerRecord): boolean {
  const silentMs = draft.atMs - (worker.heardMs ?? draft.atMs);
  return worker.phase === 'ready' && silentMs > draft.policy.hangTimeoutMs;
}

function expire(draft: Draft, worker: WorkerRecord): void {
  const data = { worker: worker.id, waitedMs: draft.atMs - worker.sinceMs };
  if (worker.phase === 'starting') {
    draft.note('WORKER_NOT_LISTENING', data);
    kill(draft, worker.id, 'boot-timeout');
  } else {
    draft.note('DRAIN_EXPIRED', data);
    kill(draft, worker.id, 'drain-timeout');
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
  } else if (draft.mode === 'running') {
    if (!wasAskedToGo(worker)) countFailure(draft, worker);
    if (neverServed(worker)) abandonReplacement(draft, worker);
  }
}

/** A worker that outlasts its drain is late, not broken. */
function wasAskedToGo(worker: WorkerRecord): boolean {
  return worker.phase === 'draining' || worker.endedFor === 'recycle' || worker.endedFor === 'drain-timeout';
}

function neverServed(worker: WorkerRecord): boolean {
  return worker.phase === 'starting' || worker.endedFor === 'boot-timeout';
}

function countFailure(draft: Draft, worker: WorkerRecord): void {
  const seat = draft.seat(worker.seat);
  const wasStable = !neverServed(worker) && draft.atMs - worker.sinceMs >= draft.policy.stableAfterMs;
  const failures = wasStable ? 1 : seat.failures + 1;
  const delayMs = backoffMs(failures, draft.policy, draft.random);
  draft.updateSeat(worker.seat, { failures, openAtMs: draft.atMs + delayMs });
  if (delayMs > 0) draft.note('RESTART_DELAYED', { worker: worker.id, failures, delayMs });
}

/**
 * Starts a worker for every empty seat whose time has come. While nobody serves, one at a time: the first one to
 * fail tells its error once instead of N times, and two that bind a taken port at once can crash node:cluster
 * (queryServer reads the data of a handle that the first error has already deleted).
 */
function fillSeats(draft: Draft): void {
  for (const [seat, { openAtMs }] of draft.seats.entries()) {
    const somebodyServes = draft.workers.some(({ phase }) => phase === 'ready');
    const somebodyTries = draft.workers.some(({ phase }) => phase === 'starting' || phase === 'killed');
    if (!somebodyServes && somebodyTries) return;
    const taken = draft.workers.some(
      // A draining worker does not hold its seat: its successor may start beside it if there is room.
      (worker) => worker.seat === seat && worker.phase !== 'draining',
    );
    if (!taken && draft.atMs >= openAtMs && draft.hasRoom()) draft.spawn(seat);
  }
}

function stop(draft: Draft, reason: string, immediately: boolean): void {
  if (draft.mode !== 'stopping') draft.note('STOPPING', { reason });
  draft.mode = 'stopping';
  draft.recycleQueue = [];
  draft.replacement = null;
  for (const worker of draft.workers) {
    if (worker.phase === 'killed') continue;
    if (immediately || worker.phase === 'starting') kill(draft, worker.id, 'stop');
    else drain(draft, worker.id, 'stop', draft.policy.stopIdleGraceMs);
  }
}

function drain(draft: Draft, id: string, reason: 'recycle' | 'stop', idleGraceMs: number): void {
  const timeoutMs = draft.policy.drainTimeoutMs;
  draft.note('WORKER_DRAINING', { worker: id, reason });
  draft.enter(id, 'draining', draft.atMs + timeoutMs + EXIT_MARGIN_MS);
  draft.update(id, { endedFor: reason });
  draft.act({ type: 'drain', id, reason, idleGraceMs, timeoutMs });
}

function kill(draft: Draft, id: string, endedFor: EndedFor): void {
  draft.update(id, { phase: 'killed', deadlineMs: Number.POSITIVE_INFINITY, endedFor });
  draft.act({ type: 'kill', id });
}

function end(draft: Draft): void {
  draft.note('STOPPED', {});
  draft.mode = 'over';
  draft.act({ type: 'end', failure: null });
}
