import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that Linux hands out by itself (32768 and up): nobody who asks for "any port", and no connection
// on its way out, takes one of these between this check and the caller's own listening.
const LOWEST = 12_000;
const HIGHEST = 32_000;
const given = new Set<number>();

/** A loopback port that nobody listens on, and that this process is given only once. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
