import { expect, it } from 'vitest';
import { type HttpAnswer, sendRequest } from './send-request.ts';

/** One request and what its answer must and must not be. */
export interface Scenario {
  /** What a reader learns from it: "refuses a body that is not JSON". */
  readonly name: string;
  /** `GET /api/me`; the path is sent to the letter, so that `/../` arrives as it is. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes as they are, with the content type of the headers or JSON's. */
  readonly body?: unknown;
  readonly status: number;
  /** The answer's text or headers (as `name: value` lines) must have each of these. */
  readonly contains?: readonly (string | RegExp)[];
  /** And none of these. */
  readonly lacks?: readonly (string | RegExp)[];
  /** Whatever the above cannot say; also for what must have happened, or not, behind the answer. */
  readonly check?: (answer: HttpAnswer) => void | Promise<void>;
}

/** No answer, whatever it is about, may show these: they are of the inside. */
const NEVER = [/node_modules/, /\bat .*\.[jt]s:\d+/, /SQLITE_/, /select .* from /i, /FST_ERR/];

/** Makes a test of each scenario against the server that `baseUrl` names once it runs. */
export function runScenarios(baseUrl: () => string, scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    it(scenario.name, async () => {
      const [method = 'GET', path = '/'] = scenario.request.split(' ', 2);
      const answer = await sendRequest(baseUrl(), {
        method,
        path,
        headers: scenario.headers ?? {},
        body: scenario.body,
      });
      const text = `${answer.headerLines}\n\n${answer.text}`;
      expect(answer.status, text).toBe(scenario.status);
      for (const wanted of scenario.contains ?? []) expect(text).toMatch(wanted);
      for (const unwanted of [...NEVER, ...(scenario.lacks ?? [])]) expect(text).not.toMatch(unwanted);
      await scenario.check?.(answer);
    });
  }
}
