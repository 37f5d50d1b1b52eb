import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { askKeeper } from './ask-keeper.ts';
import { newestSeq, tellEvents } from './tell-events.ts';

/** `maque deploy`: lets the newest code take over and tells how it goes, until it serves or the old one stays. */
export async function deployVersion(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [app],
    options,
    surroundings,
  } = invocation;
  const share = shareOf(options.share);
  const { dataDir } = readSettings(invocation, app);
  const before = await newestSeq(dataDir);
  const { version } = (await askKeeper(dataDir, 'POST', `/deploy?share=${share}`)) as { version: number };
  return tellEvents(
    dataDir,
    before,
    ({ code, data }) => {
      if (code === 'STOPPING') return 1;
      if (data.version !== version) return undefined;
      if (code === 'DEPLOY_DONE') return 0;
      return code === 'DEPLOY_FAILED' ? 1 : undefined;
    },
    surroundings,
  );
}

/** `25%` or `0.25`. @throws CodedError SHARE_INVALID. */
function shareOf(given: string | boolean | undefined): number {
  if (typeof given !== 'string') return 1;
  const match = /^(\d{1,3}(?:\.\d+)?)(%?)$/.exec(given.trim());
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw commandErrors.SHARE_INVALID({ data: { share: given } });
}
