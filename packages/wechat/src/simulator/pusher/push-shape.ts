import type { PushFields } from '../../push/index.ts';

/** Fields with the peculiarities of WeChat's JSON: a `List` of one is no list, and events of subscribing tell the time as text. */
export function inWechatShape({ List: list, ...fields }: PushFields): PushFields {
  if (list === undefined) return fields;
  const only = Array.isArray(list) && list.length === 1 ? list[0] : list;
  return { ...fields, CreateTime: String(fields.CreateTime), List: only };
}
