import type { SystemStatus } from '@maque/contract';
import { CodedError, inBothLanguages, MINUTE, type Milliseconds } from '@maque/kit';
import { keeperErrors } from '../keeper-errors.ts';
import type { KeeperEvent } from '../keeper-events.ts';
import type { SnapshotAnswer } from '../protocol/messages.ts';
import type { HttpHandler } from './lazy-http-server.ts';

export interface MetricsAnswer {
  readonly text: string;
  readonly contentType: string;
}

/** A deployment that has begun; how it goes is told by the events DEPLOY_DONE or DEPLOY_FAILED. */
export interface DeployAccepted {
  /** Its number: the one that a keeper starts with is 1. */
  readonly version: number;
}

/** What can be asked of a keeper and done with it from outside. */
export interface ControlActions {
  state(): SystemStatus;
  /** @returns the workers that will be replaced. */
  recycle(worker: string | undefined): readonly string[];
  /**
   * Lets the newest code and settings take over.
   * @param share of the workers, above 0 and up to 1.
   * @throws CodedError when that cannot begin now.
   */
  deploy(share: number): Promise<DeployAccepted>;
  /** Has a worker write a heap snapshot. @throws CodedError when there is no such worker. */
  snapshot(worker: string): Promise<SnapshotAnswer>;
  stop(reason: string): void;
  metrics(): Promise<MetricsAnswer>;
  /** The events kept whose number is above `after`, oldest first. */
  events(after: number): readonly KeeperEvent[];
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** How long an answer may take where that is more than the server's own limit. */
  readonly timeoutMs?: Milliseconds;
  answer(actions: ControlActions, query: URLSearchParams): Answer | Promise<Answer>;
}

// More than the keeper keeps.
const MAX_EVENTS = 1_000;

/** How long a snapshot may take from the question to the answer: the guard gives its redaction alone 10 minutes. */
export const SNAPSHOT_TIMEOUT_MS: Milliseconds = 11 * MINUTE;

const HEALTH: Route = {
  method: 'GET',
  path: '/healthz',
  answer: () => json(200, { status: 'ok', pid: process.pid }),
};

const METRICS: Route = {
  method: 'GET',
  path: '/metrics',
  answer: async (actions) => ({ status: 200, ...(await actions.metrics()) }),
};

/** On the control socket, which only the owner can open. */
export const CONTROL_ROUTES: readonly Route[] = [
  HEALTH,
  METRICS,
  { method: 'GET', path: '/state', answer: (actions) => json(200, actions.state()) },
  {
    method: 'GET',
    path: '/events',
    answer(actions, query) {
      const after = countIn(query, 'after', 0);
      const limit = countIn(query, 'limit', MAX_EVENTS);
      return json(200, { events: limit === 0 ? [] : actions.events(after).slice(-limit) });
    },
  },
  {
    method: 'POST',
    path: '/recycle',
    answer: (actions, query) => json(202, { workers: actions.recycle(query.get('worker') ?? undefined) }),
  },
  {
    method: 'POST',
    path: '/deploy',
    answer: async (actions, query) => json(202, await actions.deploy(Number(query.get('share') ?? 1))),
  },
  {
    method: 'POST',
    path: '/snapshot',
    timeoutMs: SNAPSHOT_TIMEOUT_MS,
    answer: async (actions, query) => json(200, await actions.snapshot(query.get('worker') ?? '')),
  },
  {
    method: 'POST',
    path: '/stop',
    answer(actions) {
      actions.stop('control socket');
      return json(202, { stopping: true });
    },
  },
];

/** On the loopback port, which every user of the machine can reach. */
export const METRICS_ROUTES: readonly Route[] = [HEALTH, METRICS];

/** Answers requests from a list of routes. */
export function createControlHandler(routes: readonly Route[], actions: ControlActions): HttpHandler {
  return (request, response) => {
    const { method = '', url = '' } = request;
    const parsed = URL.parse(url, 'http://keeper');
    const route = routes.find((one) => one.method === method && one.path === parsed?.pathname);
    if (route?.timeoutMs !== undefined) response.setTimeout(route.timeoutMs);
    void answerRequest(route ?? unknownRoute(method, url), actions, parsed?.searchParams).then(
      ({ status, contentType, text }) => {
        response.writeHead(status, { 'content-type': contentType });
        response.end(text);
      },
    );
  };
}

async function answerRequest(
  route: Pick<Route, 'answer'>,
  actions: ControlActions,
  query = new URLSearchParams(),
): Promise<Answer> {
  try {
    return await route.answer(actions, query);
  } catch (error) {
    if (!(error instanceof CodedError)) {
      return json(500, { error: { code: 'INTERNAL', message: String(error) } });
    }
    const { code, status, message } = error;
    const text = inBothLanguages((language) => error.messageIn(language));
    return json(status, { error: { code, message, text } });
  }
}

function unknownRoute(method: string, path: string): Pick<Route, 'answer'> {
  return {
    answer() {
      throw nothingAt(method, path);
    },
  };
}

function nothingAt(method: string, path: string): CodedError {
  return keeperErrors.ROUTE_UNKNOWN({ data: { method, path } });
}

/** A whole number of a query. @throws CodedError OPTION_INVALID. */
function countIn(query: URLSearchParams, option: string, standard: number): number {
  const text = query.get(option);
  if (text === null) return standard;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw keeperErrors.OPTION_INVALID({
    data: { option, expected: 'a whole number', actual: text.slice(0, 40) },
  });
}

function json(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', text: JSON.stringify(body) };
}
