import { errors } from '@maque/contract';
import { OPERATIONS, type Operation } from '../../define/rules.ts';
import type { Identity } from '../../ports/identity.ts';
import { matches } from '../records/condition-match.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { RecordValues } from '../records/record-session.ts';
import { type Access, type AccessByKind, accessByKind } from './access.ts';

const KINDS: readonly Identity['kind'][] = ['anonymous', 'user', 'admin', 'staff', 'machine'];

/** Who may do what with one collection. */
export class CollectionAccess {
  readonly #access: Readonly<Record<Operation, AccessByKind>>;
  readonly #sharedKinds: ReadonlySet<Identity['kind']>;

  constructor({ declared: { fields, rules } }: RecordModel) {
    this.#access = Object.fromEntries(
      OPERATIONS.map((operation) => [operation, accessByKind(fields, rules[operation])]),
    ) as Record<Operation, AccessByKind>;
    this.#sharedKinds = kindsThatShareLists(this.#access.list);
  }

  /** Whether lists of this caller are the same as anybody's, so that one answer serves all. */
  sharesLists(identity: Identity): boolean {
    return this.#sharedKinds.has(identity.kind);
  }

  /** What the rule lets this caller do; `none` where it lets them do nothing. */
  of(operation: Operation, identity: Identity): Access {
    return this.#access[operation][identity.kind];
  }

  /**
   * What the rule lets this caller do at all.
   * @throws CodedError AUTH_REQUIRED or FORBIDDEN where it lets them do nothing.
   */
  allowed(operation: Operation, identity: Identity): Access {
    const access = this.of(operation, identity);
    if (access.allows !== 'none') return access;
    throw identity.kind === 'anonymous' ? errors.AUTH_REQUIRED() : errors.FORBIDDEN();
  }
}

export function fits(access: Access, record: RecordValues, callerId: string | undefined): boolean {
  return access.allows === 'some' ? matches(access.condition, record, callerId) : access.allows === 'all';
}

/** The user that conditions on the caller are about. */
export function callerIdOf(identity: Identity): string | undefined {
  return identity.kind === 'user' ? identity.userId : undefined;
}

function kindsThatShareLists(list: AccessByKind): ReadonlySet<Identity['kind']> {
  const { anonymous } = list;
  const isSame = (kind: Identity['kind']) =>
    anonymous.allows !== 'none' && JSON.stringify(list[kind]) === JSON.stringify(anonymous);
  return new Set(KINDS.filter(isSame));
}
