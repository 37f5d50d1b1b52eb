import type { RecordModel } from '../records/record-model.ts';
import type { RecordValues } from '../records/record-session.ts';

/** A record as JSON text, without what does not leave the server. */
export function recordJson(model: RecordModel, record: RecordValues): string {
  const visible: Record<string, unknown> = {};
  for (const { name } of model.visibleColumns) visible[name] = record[name];
  return JSON.stringify(visible);
}
