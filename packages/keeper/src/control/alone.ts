import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Does what no two processes may do at once. On Linux the lock is a socket in the abstract namespace: the kernel grants a name
 * once, leaves nothing on disk, and takes it back with the process, however that ends. Elsewhere there is none.
 * @param name nothing that others could guess, for anybody may take any name.
 * @returns false when another process has it: nothing was done.
 */
export async function alone(name: string, work: () => Promise<void>): Promise<boolean> {
  if (process.platform !== 'linux') {
    await work();
    return true;
  }
  const lock = createServer();
  try {
    lock.listen(`\0maque-keeper-${name}`);
    await once(lock, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  try {
    await work();
    return true;
  } finally {
    lock.close();
  }
}
