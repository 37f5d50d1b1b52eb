import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import type { ProcessStatus, SystemStatus } from '@maque/contract';

/** Asks the keeper for the state of its processes, over its control socket. */
export async function readState(controlSocket: string): Promise<SystemStatus> {
  const { promise, resolve, reject } = Promise.withResolvers<SystemStatus>();
  const request = get({ socketPath: controlSocket, path: '/state' }, (response) => {
    if (response.statusCode !== 200)
      reject(new Error(`the keeper answered ${response.statusCode} to /state`));
    else json(response).then((state) => resolve(state as SystemStatus), reject);
  });
  request.on('error', reject);
  return await promise;
}

/** The workers that serve now. */
export function readyWorkers(state: SystemStatus): readonly ProcessStatus[] {
  return state.processes.filter(({ role, state }) => role === 'worker' && state === 'ready');
}
