/** Who makes a request. The authentication step sets it as `request.identity` before any handler runs. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly userId: string; readonly sessionId: string }
  | { readonly kind: 'admin'; readonly adminId: string; readonly sessionId: string };

/** Who may call a route; each route states it as `config.auth`. */
export type RouteAuth = 'public' | 'optional' | 'user' | 'admin';
