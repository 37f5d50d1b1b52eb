import { Agent, request } from 'node:http';

export interface LoadReport {
  readonly answered: number;
  /** How often each failure happened. */
  readonly failures: Readonly<Record<string, number>>;
  readonly pids: ReadonlySet<string>;
}

export interface Load {
  stop(): Promise<LoadReport>;
}

/**
 * Sends requests on keep-alive connections (or each on a fresh one), waiting a random moment between two, until it is
 * stopped.
 */
export function startLoad(port: number, connections: number, pauseMs: number, keepAlive = true): Load {
  const failures: Record<string, number> = {};
  const pids = new Set<string>();
  let answered = 0;
  let isOver = false;
  const clients = Array.from({ length: connections }, async () => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!isOver) {
      try {
        pids.add(await get(port, '/', agent));
        answered += 1;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error);
        failures[code] = (failures[code] ?? 0) + 1;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 * pauseMs));
    }
    agent.destroy();
  });
  return {
    async stop() {
      isOver = true;
      await Promise.all(clients);
      return { answered, failures, pids };
    },
  };
}

/** One GET; answers the body. @throws the client's error, or one that names a status other than 200. */
export function get(port: number, path: string, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, agent, timeout: 15_000 }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => {
        text += chunk;
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        if (incoming.statusCode === 200) resolve(text);
        else reject(new Error(`status ${incoming.statusCode}`));
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.once('error', reject);
    outgoing.end();
  });
}
