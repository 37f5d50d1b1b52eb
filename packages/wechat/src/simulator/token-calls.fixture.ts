import { APP_ID, SECRET } from '../with-simulator.fixture.ts';

export const RID = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;
export const ACCOUNT = `appid=${APP_ID}&secret=${SECRET}`;

export type Answer = Record<string, unknown> & { errcode?: number; access_token: string; expires_in: number };

export const get = async (url: string) => (await (await fetch(url)).json()) as Answer;
export const post = async (url: string, value: unknown) => {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return (await (await fetch(url, { method: 'POST', body })).json()) as Answer;
};

export const stable = (baseUrl: string, fields = {}) =>
  post(`${baseUrl}/cgi-bin/stable_token`, {
    grant_type: 'client_credential',
    appid: APP_ID,
    secret: SECRET,
    ...fields,
  });
export const legacy = (baseUrl: string) =>
  get(`${baseUrl}/cgi-bin/token?grant_type=client_credential&${ACCOUNT}`);
/** 40097 is what a good token gets here, whose arguments are missing. */
export const tryToken = async (baseUrl: string, token: string) =>
  (await get(`${baseUrl}/wxa/checksession?access_token=${token}`)).errcode;
