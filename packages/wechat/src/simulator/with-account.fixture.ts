import { startSimulator } from '../with-simulator.fixture.ts';
import type { SimulatorOptions } from './simulator.ts';

export type RawAnswer = Readonly<Record<string, unknown>> & {
  readonly errcode?: number;
  readonly errmsg?: string;
};

/** A simulator, an access token and a logged-in user; calls are made without the client, which would check them itself. */
export async function startAccount(options: Partial<SimulatorOptions> = {}) {
  const sim = await startSimulator(options);
  const client = sim.createClient();
  const { openid } = await client.code2Session('demo-li');
  const urlOf = async (path: string, query: Record<string, string> = {}) =>
    `${sim.baseUrl}${path}?${new URLSearchParams({ access_token: await client.accessToken(), ...query })}`;
  return {
    ...sim,
    openid,
    fetchPost: async (path: string, body: unknown) =>
      fetch(await urlOf(path), { method: 'POST', body: JSON.stringify(body) }),
    post: async (path: string, body: unknown) =>
      (await (
        await fetch(await urlOf(path), { method: 'POST', body: JSON.stringify(body) })
      ).json()) as RawAnswer,
    get: async (path: string, query: Record<string, string> = {}) =>
      (await (await fetch(await urlOf(path, query))).json()) as RawAnswer,
    [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose](),
  };
}
