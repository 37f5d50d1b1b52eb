import { closeSync, constants, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { keeperErrors } from '../keeper-errors.ts';

// sun_path of sockaddr_un is 108 bytes on Linux and 104 on macOS, its end included.
const PATH_LIMIT = process.platform === 'linux' ? 107 : 103;

/** A name under which a socket can be reached, until it is released. */
export interface ReachablePath {
  readonly path: string;
  release(): void;
}

/**
 * A data folder may lie deeper than a socket's address is long. On Linux the folder is opened then and the socket is
 * named through it (`/proc/self/fd/7/control.sock`): it stays where it belongs, and no second place has to be guessed.
 * @throws CodedError `CONTROL_PATH_TOO_LONG` where that is not possible, or the system's own error for the folder.
 */
export function reachSocket(path: string): ReachablePath {
  if (Buffer.byteLength(path) <= PATH_LIMIT) return { path, release() {} };
  const name = basename(path);
  if (
    process.platform !== 'linux' ||
    Buffer.byteLength(name) > PATH_LIMIT - '/proc/self/fd/1234567/'.length
  ) {
    throw keeperErrors.CONTROL_PATH_TOO_LONG({ data: { path, limit: PATH_LIMIT } });
  }
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${folder}/${name}`, release: () => closeSync(folder) };
}
