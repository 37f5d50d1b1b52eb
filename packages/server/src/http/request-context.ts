import { AsyncLocalStorage } from 'node:async_hooks';
import type { Milliseconds } from '@maque/kit';

/** What is learnt about a request by whatever is done for it, however deep. */
export interface RequestFacts {
  readonly id: string;
  /** Time that statements and transactions of the database took, waiting for their turn included. */
  databaseMs: Milliseconds;
  cacheHits: number;
  cacheMisses: number;
}

const storage = new AsyncLocalStorage<RequestFacts>();

/** Runs what is done for a request, so that {@link currentRequest} knows it there and in all that follows from it. */
export function runForRequest<Request extends RequestFacts, Response>(
  request: Request,
  response: Response,
  run: (request: Request, response: Response) => void,
): void {
  storage.run(request, run, request, response);
}

/** The request that this is done for; undefined in jobs and timers. Some 10 ns. */
export function currentRequest(): RequestFacts | undefined {
  return storage.getStore();
}
