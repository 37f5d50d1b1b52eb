import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { assertPresentUser, createTraceId, isScene } from './content-rules.ts';
import { judge } from './marker-words.ts';

const MAX_CHARACTERS = 2_500;
const PROFILE = 1;

/** `POST /wxa/msg_sec_check`, version 2 */
export const handleTextCheck: ApiHandler = ({ body }, world) => {
  const { version, scene, content, title = '', nickname = '', signature = '' } = body;
  if (version !== 2) throw new Refusal(40097);
  if (!isScene(scene)) throw new Refusal(40129);
  const texts = [content, title, nickname, signature];
  if (!texts.every((text) => typeof text === 'string') || content === '') throw new Refusal(47001);
  if ([...String(content)].length > MAX_CHARACTERS) throw new Refusal(45002);
  if (signature !== '' && scene !== PROFILE) throw new Refusal(40129);
  assertPresentUser(world, body.openid);
  const { suggest, label, keyword } = judge(texts.join('\n'));
  const model = { strategy: 'content_model', errcode: 0, suggest, label, prob: suggest === 'pass' ? 10 : 90 };
  const words = { strategy: 'keyword', errcode: 0, suggest, label, level: 90, keyword };
  return {
    errcode: 0,
    errmsg: 'ok',
    result: { suggest, label },
    detail: keyword === '' ? [model] : [model, words],
    trace_id: createTraceId(),
  };
};
