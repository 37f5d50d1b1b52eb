// Not MAQUE_…: a server refuses unknown variables with that prefix, and these are no settings.
export const WORKER_ID_ENV = 'KEEPER_WORKER_ID';
export const KEEPER_PID_ENV = 'KEEPER_PID';
export const CONTROL_SOCKET_ENV = 'KEEPER_CONTROL_SOCKET';

/** The worker's name if this process is a keeper's own child; what a worker starts inherits the variables, not the parent. */
export function managedWorkerId(): string | undefined {
  const isChild = process.env[KEEPER_PID_ENV] === String(process.ppid) && process.connected;
  return isChild ? process.env[WORKER_ID_ENV] : undefined;
}
