import type { Milliseconds } from '@maque/kit';
import type { RouteLabel, TrackedRequest, TrackedResponse } from '../http/exchange.ts';
import type { LineBuffer } from './line-buffer.ts';

const INFO = 30;
const ERROR = 50;

/**
 * Writes one line for each answered request, shaped like the lines of the logger. The line is put together by hand:
 * pino's own way costs 8 µs a request (a quarter of a lean server), this 0.5 µs. Everything in it is either ours, and
 * free of quotes, or goes through `JSON.stringify`. Query strings are left out: codes, phones and tokens travel there.
 */
export function createAccessLog(
  lines: LineBuffer,
  workerId: string,
): (request: TrackedRequest, response: TrackedResponse, tookMs: Milliseconds) => void {
  const heads = new Map<number, string>(
    [INFO, ERROR].map((level) => [level, `{"level":${level},"worker":${JSON.stringify(workerId)},"time":`]),
  );
  const labels = new WeakMap<RouteLabel, string>();

  function labelText(label: RouteLabel): string {
    let text = labels.get(label);
    if (text === undefined) {
      text = `"method":${JSON.stringify(label.method)},"route":${JSON.stringify(label.path)}`;
      labels.set(label, text);
    }
    return text;
  }

  return (request, response, tookMs) => {
    const { label } = request;
    const status = response.statusCode;
    // An answer that never left is a fault of the client's side or of the net: 499 as nginx has it.
    const shown = response.writableFinished ? status : 499;
    let line = `${heads.get(status >= 500 ? ERROR : INFO)}${Date.now()},"msg":"request","request":"${request.id}",`;
    line += label === undefined ? `"method":"${request.method}"` : labelText(label);
    if (label === undefined || label.hasParameters)
      line += `,"url":${JSON.stringify(pathOf(request.url ?? ''))}`;
    line += `,"status":${shown},"ms":${Math.round(tookMs * 100) / 100},"bytes":${response.bodyBytes}`;
    line += request.callerId === undefined ? '}\n' : `,"user":"${request.callerId}"}\n`;
    lines.write(line);
  };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
