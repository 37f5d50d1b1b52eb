/** One answer, its body read whole. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. @throws SyntaxError when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on what they find, whatever its shape.
  json(): any;
}

export interface ApiCall {
  readonly method?: string;
  readonly token?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls a running server as a mini-program does. */
export async function callApi(url: string, path: string, call: ApiCall = {}): Promise<ApiAnswer> {
  const { body, token } = call;
  const response = await fetch(`${url}${path}`, {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** Logs in as one of the simulator's users; gives the token. */
export async function logIn(url: string, code = 'demo-1'): Promise<string> {
  const answer = await callApi(url, '/api/login/wechat', { body: { code } });
  if (answer.status !== 200) throw new Error(`login answers ${answer.status}: ${answer.text}`);
  return answer.json().token;
}
