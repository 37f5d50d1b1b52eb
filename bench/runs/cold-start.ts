import type { Milliseconds } from '@maque/kit';
import { maqueStack } from '../stacks/maque.ts';
import type { Workshop } from './workshop.ts';

export interface ColdStart {
  /** With an empty data folder: the database is made and filled, too. */
  readonly firstMs: Milliseconds;
  /** Again, on the data of the first start. */
  readonly againMs: Milliseconds;
}

/** From the command to the first page of products, once on nothing and once on data. File caches are warm. */
export async function runColdStart(workshop: Workshop): Promise<ColdStart> {
  const folder = workshop.folder('cold-start');
  const startOnce = (): Promise<Milliseconds> =>
    workshop.withClosing(async (closing) => {
      const running = await maqueStack.start({ folder, node: workshop.node, closing });
      return running.coldStartMs;
    });
  return { firstMs: await startOnce(), againMs: await startOnce() };
}
