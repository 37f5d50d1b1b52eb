import type { ExitCode, Invocation } from '../cli/command.ts';
import { prepareStart } from './prepare-start.ts';
import { serveApp } from './serve-app.ts';
import { tellMisfit } from './tell-misfit.ts';

/** `maque start`: checks everything, then serves until told to stop. */
export async function startApp(invocation: Invocation): Promise<ExitCode> {
  const prepared = await prepareStart(invocation, { prefer: 'compiled' });
  if ('fits' in prepared) return tellMisfit(prepared, invocation.surroundings);
  return serveApp(prepared, invocation.surroundings);
}
