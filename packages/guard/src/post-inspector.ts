import type { Session } from 'node:inspector';

/**
 * Sends a command of an inspector session on its own thread, which is answered before `post` returns.
 * @throws Error with what V8 says.
 */
export function postInspector(session: Session, method: string, parameters: object = {}): unknown {
  let failure: unknown = null;
  let answer: unknown;
  session.post(method, parameters, (error: unknown, result: unknown) => {
    failure = error;
    answer = result;
  });
  if (failure !== null) {
    const { message = String(failure) } = failure as { message?: string };
    throw new Error(`${method}: ${message}`);
  }
  return answer;
}
