import { ChildCalls } from './child-calls.ts';
import type { SteadyFigures, SteadyLoad } from './steady-load.ts';

/** {@link steadyLoad} from a process of its own: for loads that must not delay each other. */
export async function steadyLoadApart(load: SteadyLoad): Promise<SteadyFigures> {
  const calls = new ChildCalls<SteadyLoad>(new URL('./steady-process.ts', import.meta.url));
  try {
    return (await calls.ask(load)) as SteadyFigures;
  } finally {
    await calls.kill();
  }
}
