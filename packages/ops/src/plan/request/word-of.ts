import { formatBytes, MiB } from '@maque/kit';
import type { RequestField } from './request-field.ts';
import { serviceFields } from './service-fields.ts';

/** Every value that a service can be told, by where the plan looks for it; kinds that share one share its word. */
const FIELDS: ReadonlyMap<string, readonly [word: string, field: RequestField]> = new Map(
  Object.values(serviceFields).flatMap((fields) =>
    Object.entries<RequestField>(fields).map(([word, field]) => [field.to, [word, field] as const] as const),
  ),
);

/** What a value of a service is called where it is told, and the value as people read it: `data`, `140 MiB`. */
export function wordOf(to: string, value: number): { readonly word: string; readonly value: string } {
  const [word, field] = FIELDS.get(to) ?? [to, undefined];
  if (field?.type === 'size') return { word, value: formatBytes(value) };
  return { word, value: field?.type === 'mebibytes' ? formatBytes(value * MiB) : String(value) };
}
