import { CodedError } from '@maque/kit';
import { controlErrors, invalid } from './control-errors.ts';
import type { Controls } from './controls.ts';
import type { Fault } from './faults.ts';
import { jsonReply, type Reply } from './reply.ts';

type Fields = Readonly<Record<string, unknown>>;
type ControlHandler = (controls: Controls, body: Fields) => unknown;

const ROUTES: Readonly<Record<string, ControlHandler>> = {
  'GET /_sim/state': (controls) => controls.state(),
  'POST /_sim/codes': (controls, { user, purpose = 'login' }) => {
    if (typeof user !== 'string') throw invalid('user must be a name');
    if (purpose === 'login') return { code: controls.issueCode(user) };
    if (purpose === 'phone') return { code: controls.issuePhoneCode(user) };
    throw invalid('purpose must be login or phone');
  },
  'POST /_sim/faults': (controls, body) => {
    // `inject` checks it as it checks those of callers without types.
    controls.inject(body as unknown as Fault);
    return { faults: controls.state().faults };
  },
  'DELETE /_sim/faults': (controls) => {
    controls.clearFaults();
    return { faults: [] };
  },
  'POST /_sim/clock': (controls, { advanceMs }) => {
    controls.advance(typeof advanceMs === 'number' ? advanceMs : Number.NaN);
    return { now: controls.state().now };
  },
};

/** Answers what developers and the page ask of the simulator itself. */
export async function answerControl(
  controls: Controls,
  request: { readonly method: string; readonly path: string; readonly body: string | null },
): Promise<Reply> {
  try {
    if (request.method === 'GET' && request.path === '/') return await pageReply();
    const route = `${request.method} ${request.path}`;
    const handler = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
    if (handler === undefined) throw controlErrors.SIM_NOT_FOUND();
    return jsonReply(200, handler(controls, request.method === 'POST' ? parse(request.body) : {}));
  } catch (error) {
    if (error instanceof CodedError) return errorReply(error);
    throw error;
  }
}

export function errorReply({ status, code, message }: CodedError): Reply {
  return jsonReply(status, { error: { code, message } });
}

/** Loaded when somebody looks: most simulators run without a reader. */
async function pageReply(): Promise<Reply> {
  const { page, pagePolicy } = await import('./page.ts');
  const headers = { 'content-security-policy': pagePolicy };
  return { status: 200, contentType: 'text/html; charset=utf-8', body: page, headers };
}

function parse(body: string | null): Fields {
  try {
    const value: unknown = JSON.parse(body ?? '');
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw invalid('the body must be a JSON object of at most 64 KiB');
}
