import type { PostFormRequest } from './object-store-types.ts';

type Condition = Readonly<Record<string, string>> | readonly [string, string | number, string | number];

/**
 * What a form lets its holder do, as all three stores read it: JSON of when it ends and of what must be so.
 * @param own conditions of the store, which bind the form to its bucket and its signature.
 * @param typeField how the store's documentation spells the field of the content type in a condition.
 */
export function postPolicy(
  request: PostFormRequest,
  nowMs: number,
  own: readonly Condition[],
  typeField = '$Content-Type',
): string {
  const { minBytes = 1, maxBytes, contentType, expiresInMs } = request;
  const key: Condition = 'key' in request ? { key: request.key } : ['starts-with', '$key', request.keyPrefix];
  const conditions: Condition[] = [...own, key, ['content-length-range', minBytes, maxBytes]];
  if (contentType !== undefined) conditions.push(['eq', typeField, contentType]);
  return JSON.stringify({ expiration: new Date(nowMs + expiresInMs).toISOString(), conditions });
}

/** What a form answers its sender with; the default is 204, which cannot carry what a callback says. */
export const FORM_STATUS = { success_action_status: '200' };

/** The fields that every form begins with. The stores put the name of the sender's file in place of `${filename}`. */
export function commonFields(request: PostFormRequest): Record<string, string> {
  return {
    key: 'key' in request ? request.key : `${request.keyPrefix}\${filename}`,
    ...FORM_STATUS,
    ...(request.contentType === undefined ? {} : { 'Content-Type': request.contentType }),
  };
}
