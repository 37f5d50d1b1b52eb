import { existsSync } from 'node:fs';
import { controlRequest, type KeeperEvent } from '@maque/keeper';
import { CodedError, MINUTE, type Milliseconds, SECOND, type Text } from '@maque/kit';
import { commandErrors } from '../cli/command-errors.ts';
import { controlSocketIn, deniedOr } from '../settings/data-dir.ts';

// The keeper answers from memory; on a starved box in this.
const ANSWER_PATIENCE_MS: Milliseconds = 5 * SECOND;

/** How long the answer about a snapshot may take: longer than the keeper's own limit, so that its word comes first. */
export const SNAPSHOT_PATIENCE_MS: Milliseconds = 12 * MINUTE;

/**
 * Asks the keeper of a data folder something.
 * @returns the answer's body.
 * @throws CodedError NOT_RUNNING, DATA_FOLDER_DENIED, KEEPER_REFUSED with the keeper's own words, or the keeper's own `KEEPER_SILENT`.
 */
export async function askKeeper(
  dataDir: string,
  method: 'GET' | 'POST',
  path: string,
  timeoutMs: Milliseconds = ANSWER_PATIENCE_MS,
): Promise<unknown> {
  try {
    const { status, body } = await controlRequest(controlSocketIn(dataDir), method, path, timeoutMs);
    if (status < 400) return body;
    const { error } = body as { error: { message: string; text?: Text } };
    throw commandErrors.KEEPER_REFUSED({ data: { reason: error.text ?? error.message } });
  } catch (error) {
    if (error instanceof CodedError && error.code === 'KEEPER_NOT_RUNNING') {
      throw commandErrors.NOT_RUNNING({ data: { dataDir }, cause: error });
    }
    throw deniedOr(error, dataDir);
  }
}

/** What happened after the event of that number, oldest first. @throws CodedError as `askKeeper` does. */
export async function keeperEvents(dataDir: string, afterSeq = 0): Promise<readonly KeeperEvent[]> {
  const body = await askKeeper(dataDir, 'GET', `/events?after=${afterSeq}`);
  return (body as { readonly events: readonly KeeperEvent[] }).events;
}

/** @throws CodedError ALREADY_RUNNING when a keeper answers in this data folder. */
export async function refuseSecondStart(dataDir: string): Promise<void> {
  // Asking loads node:http, 7 MiB that this process would then keep; without a socket there is nobody to ask.
  if (!existsSync(controlSocketIn(dataDir))) return;
  try {
    const { pid } = (await askKeeper(dataDir, 'GET', '/healthz')) as { pid: number };
    throw commandErrors.ALREADY_RUNNING({ data: { dataDir, pid } });
  } catch (error) {
    if (!(error instanceof CodedError && error.code === 'NOT_RUNNING')) throw error;
  }
}
