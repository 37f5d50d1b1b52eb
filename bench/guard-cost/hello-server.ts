import type { ClosingStack } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import type { Workshop } from '../runs/workshop.ts';
import { ServiceProcess } from '../stacks/service-process.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { Contender } from './contender.ts';

export interface HelloServer {
  readonly pid: number;
  readonly port: number;
}

/** Starts one of the small servers and waits until it answers. */
export async function startHello(
  workshop: Workshop,
  closing: ClosingStack,
  contender: Contender,
): Promise<HelloServer> {
  const port = await freePort();
  const context = { folder: workshop.folder(contender.name), node: workshop.node, closing };
  const service = await ServiceProcess.start(context, {
    name: contender.name,
    command: workshop.node,
    args: [...contender.nodeArgs, contender.app],
    env: { PORT: String(port) },
  });
  const answers = async (): Promise<boolean> => {
    service.assertRunning();
    return await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then(
      (response) => response.ok,
      () => false,
    );
  };
  await waitUntil(answers, { what: contender.title, timeoutMs: 20_000, everyMs: 20 });
  return { pid: service.pid, port };
}
