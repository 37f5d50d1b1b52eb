import { existsSync } from 'node:fs';
import { CodedError } from '@maque/kit';
import { createAdminLink } from '@maque/server/admin-link';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { keeperEvents } from '../control/ask-keeper.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { readSettings } from '../settings/read-settings.ts';
import { adminLinkUrl, serverUrl } from '../start/server-url.ts';

/** `maque admin link`: whoever may write into the data folder may make an admin. */
export async function printAdminLink(invocation: Invocation): Promise<ExitCode> {
  const { settings, dataDir } = readSettings(invocation, invocation.arguments[0]);
  if (!existsSync(dataDir)) throw commandErrors.DATA_FOLDER_MISSING({ data: { dataDir } });
  const token = newLink(dataDir);
  const { host, port } = settings.values;
  const url = (await runningUrl(dataDir)) ?? serverUrl(host, port);
  invocation.surroundings.terminal.out(adminLinkUrl(url, token));
  return 0;
}

function newLink(dataDir: string): string {
  try {
    return createAdminLink(dataDir, { again: true }) ?? '';
  } catch (error) {
    throw deniedOr(error, dataDir);
  }
}

/** Where the server of a data folder listens, as its workers told when they were ready; undefined when none runs. */
async function runningUrl(dataDir: string): Promise<string | undefined> {
  try {
    const ready = (await keeperEvents(dataDir)).findLast(({ code }) => code === 'WORKER_READY');
    const { info } = (ready?.data ?? {}) as { readonly info?: { readonly url?: string } };
    const told = URL.parse(info?.url ?? '');
    return told === null ? undefined : serverUrl(told.hostname.replace(/^\[|\]$/g, ''), Number(told.port));
  } catch (error) {
    if (error instanceof CodedError && error.code === 'NOT_RUNNING') return undefined;
    throw error;
  }
}
