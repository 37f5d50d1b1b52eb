import { CodedError } from '@maque/kit';
import type { PushFields } from '../push/index.ts';
import { controlErrors, invalid } from './control-errors.ts';
import type { Controls } from './controls.ts';
import type { Fault } from './fault-types.ts';
import type { SimulatorTemplate } from './messages/templates.ts';
import type { SimulatedPay } from './pay/simulated-pay.ts';
import { payControlRoutes } from './pay-control-routes.ts';
import type { PushTarget } from './pusher/push-target.ts';
import type { PushOptions } from './pusher/pusher.ts';
import { jsonReply, type Reply } from './reply.ts';

type Fields = Readonly<Record<string, unknown>>;
type ControlHandler = (controls: Controls, body: Fields) => unknown;

// What is cast here is checked by the control, as it checks what callers without types give.
const ROUTES: Readonly<Record<string, ControlHandler>> = {
  'GET /_sim/state': (controls) => controls.state(),
  'POST /_sim/codes': (controls, { user, purpose = 'login' }) => {
    if (purpose === 'login') return { code: controls.issueCode(user as string) };
    if (purpose === 'phone') return { code: controls.issuePhoneCode(user as string) };
    throw invalid('purpose must be login or phone');
  },
  'POST /_sim/users': (controls, { user }) => controls.open(user as string),
  'POST /_sim/subscriptions': async (controls, { user, templateIds, answer = 'accept' }) => {
    if (!Array.isArray(templateIds)) throw invalid('templateIds must be a list');
    const act = new Map([
      ['accept', controls.accept],
      ['reject', controls.reject],
      ['switch-off', controls.switchOff],
    ]).get(answer as string);
    if (act === undefined) throw invalid('answer must be accept, reject or switch-off');
    return { push: await act(user as string, ...(templateIds as string[])) };
  },
  'POST /_sim/templates': (controls, body) => {
    controls.addTemplate(body as unknown as SimulatorTemplate);
    return { templates: controls.state().templates };
  },
  'POST /_sim/chat': async (controls, { user, text }) => ({
    push: await controls.write(user as string, text as string),
  }),
  'POST /_sim/orders/confirm': async (controls, { outTradeNo }) => ({
    push: await controls.confirmReceipt(outTradeNo as string),
  }),
  'POST /_sim/orders/remind': async (controls, { outTradeNo }) => ({
    push: await controls.remindShipping(outTradeNo as string),
  }),
  'POST /_sim/push-target': (controls, body) => {
    controls.setPushTarget(body as unknown as PushTarget);
    return { pushTarget: controls.state().pushTarget };
  },
  'DELETE /_sim/push-target': (controls) => {
    controls.setPushTarget(null);
    return { pushTarget: null };
  },
  'POST /_sim/push-target/check': async (controls) => ({ check: await controls.checkPushUrl() }),
  'POST /_sim/pushes': async (controls, { fields, ...options }) => ({
    push: await controls.push(fields as PushFields, options as PushOptions),
  }),
  'POST /_sim/limits': (controls, { path, ...rates }) => {
    controls.limit(path as string, rates);
    return { path, ...rates };
  },
  'POST /_sim/faults': (controls, body) => {
    controls.inject(body as unknown as Fault);
    return { faults: controls.state().faults };
  },
  'DELETE /_sim/faults': (controls) => {
    controls.clearFaults();
    return { faults: [] };
  },
  'POST /_sim/clock': (controls, { advanceMs }) => {
    controls.advance(typeof advanceMs === 'number' ? advanceMs : Number.NaN);
    const { now, clock } = controls.state();
    return { now, ...clock };
  },
};

/** What the routes act on. */
export interface ControlledParts {
  readonly controls: Controls;
  readonly pay: SimulatedPay;
}

/** Answers what developers and the page ask of the simulator itself. */
export async function answerControl(
  { controls, pay }: ControlledParts,
  request: { readonly method: string; readonly path: string; readonly body: string | null },
): Promise<Reply> {
  try {
    if (request.method === 'GET' && request.path === '/') return await pageReply();
    const route = `${request.method} ${request.path}`;
    const body = request.method === 'POST' ? parse(request.body) : {};
    const handler = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
    if (handler !== undefined) return jsonReply(200, await handler(controls, body));
    const payHandler = Object.hasOwn(payControlRoutes, route) ? payControlRoutes[route] : undefined;
    if (payHandler !== undefined) return jsonReply(200, await payHandler(pay, body));
    throw controlErrors.SIM_NOT_FOUND();
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
  const { page, pagePolicy } = await import('./page/page.ts');
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
