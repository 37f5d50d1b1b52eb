/** Who makes a request. The authentication step sets it as `request.identity` before any handler runs. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user';
      readonly userId: string;
      readonly sessionId: string;
      readonly roles: readonly string[];
    }
  /** A member of staff who may do everything. */
  | { readonly kind: 'admin'; readonly adminId: string; readonly sessionId: string }
  /** A member of staff who may do what the rules let these roles do. */
  | {
      readonly kind: 'staff';
      readonly adminId: string;
      readonly sessionId: string;
      readonly roles: readonly string[];
      /** The server demands an authenticator, and this one has none: nothing else is open to them. */
      readonly mustSetUpTotp?: true;
    }
  /** Whoever holds an API key. One with the role `admin` is `admin`'s equal before the rules. */
  | { readonly kind: 'machine'; readonly keyId: string; readonly roles: readonly string[] };

/**
 * Who may call a route; each route states it as `config.auth`. `optional`: anybody, and who it is is known where a token
 * comes along. `staff`: members of staff, admins among them. `admin`: admins only.
 */
export type RouteAuth = 'public' | 'optional' | 'user' | 'staff' | 'admin';
