import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { assertPresentUser, createTraceId, isScene } from './content-rules.ts';

const IMAGE = 2;
const AUDIO = 1;

/** `POST /wxa/media_check_async`, version 2: the result comes by push. */
export const handleMediaCheck: ApiHandler = ({ body }, world) => {
  const { version, scene, media_type: kind, media_url: url } = body;
  if (version !== 2) throw new Refusal(40097);
  if (kind !== IMAGE && kind !== AUDIO) throw new Refusal(40004);
  if (!isScene(scene)) throw new Refusal(40129);
  if (typeof url !== 'string' || url.length > 2_048 || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Refusal(40097);
  }
  assertPresentUser(world, body.openid);
  const traceId = createTraceId();
  world.mediaChecks.begin({ traceId, openid: body.openid, url });
  return { errcode: 0, errmsg: 'ok', trace_id: traceId };
};
