import type { RequestMeter } from '../requests/request-meter.ts';

/** Requests that no route took: 404s, preflights, middleware that answers by itself. */
const NO_ROUTE = '(no route)';
/** Requests that were answered 503 before they reached a route. */
const SHED = '(shed)';

// The methods that routes are written for. The parser knows 35, and a stranger could send each of them to each route.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
// What OpenTelemetry's conventions call the rest.
const OTHER_METHOD = '_OTHER';

// As the meter's own bound for names. Patterns come from the app's code, so this is met by apps that make routes up.
const MAX_PATTERNS = 2_000;
const MAX_NAME_LENGTH = 120;

/** Turns the pattern of a route into its index in the meter, for the price of two lookups. */
export class RouteNames {
  /** The index of requests that no route took. */
  readonly none: number;
  /** The index of requests that were turned away. */
  readonly shed: number;
  readonly #meter: RequestMeter;
  readonly #byPattern = new Map<string, Map<string, number>>();

  constructor(meter: RequestMeter) {
    this.#meter = meter;
    // Declaring ends the counting from node:http, which would count each request a second time.
    this.none = meter.route(NO_ROUTE);
    this.shed = meter.route(SHED);
  }

  /** The index of `GET /orders/:id`, given both parts of it. */
  indexOf(method: string, pattern: string): number {
    const known = this.#byPattern.get(pattern)?.get(method);
    return known ?? this.#add(method, pattern);
  }

  #add(method: string, pattern: string): number {
    const shown = METHODS.has(method) ? method : OTHER_METHOD;
    const index = this.#meter.indexOf(`${shown} ${pattern}`.slice(0, MAX_NAME_LENGTH));
    if (shown === OTHER_METHOD) return index;
    const methods = this.#byPattern.get(pattern);
    if (methods !== undefined) methods.set(method, index);
    else if (this.#byPattern.size < MAX_PATTERNS) this.#byPattern.set(pattern, new Map([[method, index]]));
    return index;
  }
}
