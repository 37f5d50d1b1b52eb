import { Socket, type SocketConstructorOpts } from 'node:net';
import type { Milliseconds } from '@maque/kit';

/** A connection as node:cluster hands it over, before it becomes a socket. */
export interface ConnectionHandle {
  close(): void;
  readStop(): void;
}

/**
 * Reads what comes first on a connection, until it is enough or the time is over, and lets go of it then: the connection
 * is as it was, but for the bytes.
 * @returns null when the other side went away; then the connection is closed.
 */
export function readFirstBytes(
  handle: ConnectionHandle,
  isEnough: (bytes: Buffer) => boolean,
  timeoutMs: Milliseconds,
): Promise<Buffer | null> {
  // The type knows nothing of handles that Node itself passes here for every connection.
  const socket = new Socket({ handle } as unknown as SocketConstructorOpts) as Socket & { _handle: unknown };
  let bytes = Buffer.alloc(0);
  return new Promise((resolve) => {
    const letGo = () => {
      clearTimeout(timer);
      handle.readStop();
      socket.removeAllListeners();
      // What `child.send(…, socket)` does, too.
      socket._handle = null;
      resolve(bytes);
    };
    const timer = setTimeout(letGo, timeoutMs).unref();
    // Whoever says nothing must not keep a process alive that has nothing else to do.
    socket.unref();
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (isEnough(bytes)) letGo();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}
