import type { IncomingMessage } from 'node:http';
import type { SystemStatus } from '@maque/contract';
import { CodedError } from '@maque/kit';
import { keeperErrors } from '../keeper-errors.ts';
import type { KeeperEvent } from '../keeper-events.ts';
import type { HttpHandler } from './lazy-http-server.ts';

export interface MetricsAnswer {
  readonly text: string;
  readonly contentType: string;
}

/** What can be asked of a keeper and done with it from outside. */
export interface ControlActions {
  state(): SystemStatus;
  /** @returns the workers that will be replaced. */
  recycle(worker: string | undefined): readonly string[];
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
  answer(actions: ControlActions, query: URLSearchParams): Answer | Promise<Answer>;
}

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
    answer: (actions, query) => json(200, { events: actions.events(Number(query.get('after') ?? 0)) }),
  },
  {
    method: 'POST',
    path: '/recycle',
    answer: (actions, query) => json(202, { workers: actions.recycle(query.get('worker') ?? undefined) }),
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
    void answerRequest(routes, actions, request).then(({ status, contentType, text }) => {
      response.writeHead(status, { 'content-type': contentType });
      response.end(text);
    });
  };
}

async function answerRequest(
  routes: readonly Route[],
  actions: ControlActions,
  request: IncomingMessage,
): Promise<Answer> {
  const { method = '', url = '' } = request;
  const parsed = URL.parse(url, 'http://keeper');
  const route = routes.find((one) => one.method === method && one.path === parsed?.pathname);
  try {
    if (route === undefined) throw keeperErrors.ROUTE_UNKNOWN({ data: { method, path: url } });
    return await route.answer(actions, parsed?.searchParams ?? new URLSearchParams());
  } catch (error) {
    const known = error instanceof CodedError ? error : null;
    const { code = 'INTERNAL', status = 500, message = String(error) } = known ?? {};
    return json(status, { error: { code, message } });
  }
}

function json(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', text: JSON.stringify(body) };
}
