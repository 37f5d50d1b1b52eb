import { once } from 'node:events';
import { accessSync, type BigIntStats, constants, lstatSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, type Milliseconds, SECOND } from '@maque/kit';
import { keeperErrors } from '../keeper-errors.ts';
import { alone } from './alone.ts';
import { controlRequest } from './control-client.ts';
import { type ReachablePath, reachSocket } from './socket-path.ts';

// A living keeper answers in a millisecond; one on a starved box within this.
const PROBE_TIMEOUT_MS = 2 * SECOND;

// Between bind() and listen() are microseconds, on a starved box some milliseconds.
const SETTLED_AFTER_MS: Milliseconds = SECOND / 2;

// What another keeper may take to remove a stale socket.
const TAKEOVER_MS: Milliseconds = 5 * SECOND;
const LOOK_EVERY_MS: Milliseconds = 20;

/**
 * Listens on the control socket, which is also the lock on its folder: whoever can connect to it finds a living keeper.
 * Only the owner may open it, from the first moment on. A socket that a killed keeper left behind is removed.
 * @returns what to call after the server is closed.
 * @throws CodedError `KEEPER_RUNNING`, `CONTROL_PATH_TAKEN`, `CONTROL_PATH_TOO_LONG` or `CONTROL_UNAVAILABLE`.
 */
export async function listenOnControlSocket(server: Server, path: string): Promise<() => void> {
  const reachable = reach(path);
  try {
    if (!(await bind(server, path, reachable))) {
      await removeStale(path);
      if (!(await bind(server, path, reachable))) throw await keeperRunning(path, path);
    }
    return () => reachable.release();
  } catch (error) {
    reachable.release();
    throw error;
  }
}

/** False when something is there already. */
async function bind(server: Server, path: string, reachable: ReachablePath): Promise<boolean> {
  // The socket is made within listen(); with this mask it is 0600 when it appears.
  const mask = process.umask(0o177);
  try {
    server.listen(reachable.path);
  } finally {
    process.umask(mask);
  }
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw unavailable(path, error);
  }
}

/** Removes a socket that nobody listens on, unless another keeper is about to. */
async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw keeperErrors.CONTROL_PATH_TAKEN({ data: { path } });
  if (await hasListener(path, path)) throw await keeperRunning(path, path);
  const removed = await alone(`${found.dev}-${found.ino}-${found.ctimeNs}`, async () => {
    await grownOld(found);
    // Another may have removed it before, and its own may be here by now; or this one had been bound and not yet listened.
    if (isThere(path, found) && !(await hasListener(path, path))) rmSync(path, { force: true });
  });
  if (!removed) await goneWithin(path, found, TAKEOVER_MS);
}

/** A socket is bound before it listens: for that moment a living one looks stale. */
async function grownOld({ ctimeMs }: BigIntStats): Promise<void> {
  const ageMs = Date.now() - Number(ctimeMs);
  if (ageMs < SETTLED_AFTER_MS) await sleep(SETTLED_AFTER_MS);
}

/** Two sockets may have one number, one after the other, but not one time. */
function isThere(path: string, { ino, ctimeNs }: BigIntStats): boolean {
  const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return now !== undefined && now.ino === ino && now.ctimeNs === ctimeNs;
}

async function goneWithin(path: string, found: BigIntStats, timeoutMs: Milliseconds): Promise<void> {
  const endsMs = performance.now() + timeoutMs;
  while (isThere(path, found) && performance.now() < endsMs) await sleep(LOOK_EVERY_MS);
}

async function hasListener(socket: string, path: string): Promise<boolean> {
  const reachable = reach(socket);
  const connection = connect(reachable.path);
  try {
    await once(connection, 'connect');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return false;
    throw unavailable(path, error);
  } finally {
    connection.destroy();
    reachable.release();
  }
}

/** The error that names whoever listens on the socket, if it tells. */
async function keeperRunning(socket: string, path: string): Promise<CodedError> {
  const pid = await controlRequest(socket, 'GET', '/healthz', PROBE_TIMEOUT_MS).then(
    ({ body }) => (body as { readonly pid?: unknown } | null)?.pid,
    () => undefined,
  );
  return keeperErrors.KEEPER_RUNNING({ data: { path, pid: pid ?? '?' } });
}

function reach(path: string): ReachablePath {
  try {
    // libuv calls a folder that is missing a lack of permission; this tells which it is.
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return reachSocket(path);
  } catch (error) {
    throw error instanceof CodedError ? error : unavailable(path, error);
  }
}

function unavailable(path: string, cause: unknown): CodedError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return keeperErrors.CONTROL_UNAVAILABLE({ data: { path, reason }, cause });
}
