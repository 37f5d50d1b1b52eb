import type { ProcessStatus, SystemStatus } from '@maque/contract';
import type { readHost } from '@maque/guard/box';
import type { KeeperEvent } from '@maque/keeper';

/** The memory of the machine. */
export type BoxMemory = ReturnType<typeof readHost>;

/** All that the screen shows. */
export interface TopState {
  /** The newest state; null before the first. */
  readonly status: SystemStatus | null;
  readonly box: BoxMemory;
  /** The last of them, oldest first. */
  readonly events: readonly KeeperEvent[];
  /** The process that a key would be for. */
  readonly chosen: string | null;
  /** Whether a yes would replace the chosen worker now. */
  readonly isAsking: boolean;
  /** What went wrong with the last question, in the reader's language. */
  readonly problem: string | null;
}

/** What a key means. */
export type TopKey = 'up' | 'down' | 'recycle' | 'yes' | 'quit' | 'other';

export interface KeyOutcome {
  readonly state: TopState;
  readonly effect?: { readonly type: 'quit' } | { readonly type: 'recycle'; readonly worker: string };
}

// More than the tallest screen shows.
const EVENTS_KEPT = 200;

export function initialTop(box: BoxMemory): TopState {
  return { status: null, box, events: [], chosen: null, isAsking: false, problem: null };
}

/** Takes over what the keeper has told. The chosen process stays chosen as long as there is one of that name. */
export function withNews(
  state: TopState,
  news: { readonly status: SystemStatus; readonly events: readonly KeeperEvent[]; readonly box: BoxMemory },
): TopState {
  const status = { ...news.status, processes: inOrder(news.status.processes) };
  const ids = workersOf(status);
  const chosen = ids.find((id) => id === state.chosen) ?? ids[0] ?? null;
  return {
    status,
    box: news.box,
    events: [...state.events, ...news.events].slice(-EVENTS_KEPT),
    chosen,
    isAsking: state.isAsking && chosen === state.chosen,
    problem: null,
  };
}

/** What a key does. Anything but a yes is a no. */
export function pressKey(state: TopState, key: TopKey): KeyOutcome {
  if (key === 'quit') return { state, effect: { type: 'quit' } };
  const calm = { ...state, isAsking: false };
  if (state.isAsking) {
    if (key !== 'yes' || state.chosen === null) return { state: calm };
    return { state: calm, effect: { type: 'recycle', worker: state.chosen } };
  }
  if (key === 'recycle') return { state: { ...state, isAsking: state.chosen !== null } };
  if (key === 'up' || key === 'down')
    return { state: { ...calm, chosen: neighbour(state, key === 'up' ? -1 : 1) } };
  return { state: calm };
}

function neighbour({ status, chosen }: TopState, step: number): string | null {
  if (status === null) return chosen;
  const ids = workersOf(status);
  const index = ids.indexOf(chosen ?? '') + step;
  return ids[Math.max(0, Math.min(ids.length - 1, index))] ?? null;
}

/** The keeper first, then workers by their number: a replaced one comes back to its row. */
function inOrder(processes: readonly ProcessStatus[]): ProcessStatus[] {
  const rank = ({ role, id }: ProcessStatus) => (role === 'keeper' ? 0 : Number(id.slice(1)));
  return processes.toSorted((one, other) => rank(one) - rank(other));
}

function workersOf({ processes }: SystemStatus): string[] {
  return processes.filter(({ role }) => role === 'worker').map(({ id }) => id);
}
