import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';

/** `POST /cgi-bin/openapi/rid/get` */
export const handleRid: ApiHandler = ({ body }, { refusedCalls }) => {
  const { rid } = body;
  if (typeof rid !== 'string' || !/^[\da-f]{8}-[\da-f]{8}-[\da-f]{8}$/.test(rid)) throw new Refusal(76002);
  const request = refusedCalls.find(rid);
  if (request === undefined) throw new Refusal(76001);
  return { errcode: 0, errmsg: 'ok', request };
};
