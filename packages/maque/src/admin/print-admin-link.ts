import { existsSync } from 'node:fs';
import { createAdminLink } from '@maque/server/admin-link';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { adminLinkUrl, serverUrl } from '../start/server-url.ts';

/** `maque admin link`: whoever may write into the data folder may make an admin. */
export async function printAdminLink(invocation: Invocation): Promise<ExitCode> {
  const { settings, dataDir } = readSettings(invocation, invocation.arguments[0]);
  if (!existsSync(dataDir)) throw commandErrors.DATA_FOLDER_MISSING({ data: { dataDir } });
  const token = createAdminLink(dataDir, { again: true }) ?? '';
  const { host, port } = settings.values;
  invocation.surroundings.terminal.out(adminLinkUrl(serverUrl(host, port), token));
  return 0;
}
