import { errors } from '@maque/contract';
import { RecentMap } from '@maque/kit';
import type { AnyCollection } from '../../define/collection.ts';
import { OPERATIONS, type Operation } from '../../define/rules.ts';
import { Refusal } from '../../http/refusal.ts';
import { ANONYMOUS } from '../../http/route-config.ts';
import type { Identity } from '../../ports/identity.ts';
import type { RecordModel } from '../records/record-model.ts';
import { rolesIn } from './access.ts';
import { type ReadOperation, type Rights, rightsOf } from './rights.ts';
import { standingOf } from './standing.ts';

const READ_OPERATIONS: readonly ReadOperation[] = ['list', 'read'];
// Kinds of callers with sets of roles that the rules of one collection name. An app of five roles has some ten in use;
// what a set of rules becomes takes 1 to 10 KiB.
const MAX_STANDINGS = 64;

/** Who may do what with one collection. Rules are worked out once for each kind of caller and set of roles, and kept. */
export class CollectionAccess {
  readonly #model: RecordModel;
  /** Only these tell callers of one kind apart. */
  readonly #roles: ReadonlySet<string>;
  readonly #plain = new Map<Identity['kind'], Rights>();
  readonly #withRoles = new RecentMap<string, Rights>(MAX_STANDINGS);
  /** Which rights show just what anybody is shown. */
  readonly #likeAnybody = new WeakMap<Rights, ReadonlySet<ReadOperation>>();
  /** Of who has not logged in. */
  readonly publicRights: Rights;

  constructor(model: RecordModel) {
    this.#model = model;
    this.#roles = rolesNamed(model.declared);
    this.publicRights = this.rightsOf(ANONYMOUS);
  }

  /** What the rules let this caller do: the same object for callers whom the rules do not tell apart, while it is kept. */
  rightsOf(identity: Identity): Rights {
    const isPlain = !('roles' in identity) || identity.roles.length === 0;
    const known = isPlain ? this.#plain.get(identity.kind) : undefined;
    return known ?? this.#rightsByRoles(identity);
  }

  /**
   * What the rule lets this caller do at all.
   * @throws CodedError AUTH_REQUIRED or FORBIDDEN where it lets them do nothing.
   */
  allowed<Name extends Operation>(operation: Name, identity: Identity): Rights[Name] {
    const access = this.rightsOf(identity)[operation];
    if (access.allows !== 'none') return access;
    const cause = new Refusal(this.#whyNot(operation, identity));
    throw identity.kind === 'anonymous' ? errors.AUTH_REQUIRED({ cause }) : errors.FORBIDDEN({ cause });
  }

  #whyNot(operation: Operation, { kind }: Identity): string {
    const { name, declared } = this.#model;
    const rule = `collections.${name}.rules.${operation}`;
    if (declared.rules[operation] === undefined) return `there is no ${rule}, so nobody may`;
    return `${rule} lets in nobody like this caller (${kind === 'anonymous' ? 'not logged in' : kind})`;
  }

  /**
   * Whether this caller gets of an operation what anybody gets, so that one answer serves all. Staff and machines are
   * left out: who looks after records wants to see them as they are.
   */
  isShared(operation: ReadOperation, identity: Identity): boolean {
    if (identity.kind !== 'anonymous' && identity.kind !== 'user') return false;
    return this.publicRights[operation].allows !== 'none' && this.isLikeAnybody(operation, identity);
  }

  /** Whether this caller is shown what anybody is shown, be it nothing. */
  isLikeAnybody(operation: ReadOperation, identity: Identity): boolean {
    const rights = this.rightsOf(identity);
    let alike = this.#likeAnybody.get(rights);
    if (alike === undefined) {
      const { hooks } = this.#model.declared;
      alike = new Set(
        READ_OPERATIONS.filter(
          (one) => hooks[one] === undefined && shownBy(rights, one) === shownBy(this.publicRights, one),
        ),
      );
      this.#likeAnybody.set(rights, alike);
    }
    return alike.has(operation);
  }

  #rightsByRoles(identity: Identity): Rights {
    const standing = standingOf(identity, this.#roles);
    if (standing.roles.size === 0) {
      const known = this.#plain.get(standing.kind) ?? rightsOf(this.#model, standing);
      this.#plain.set(standing.kind, known);
      return known;
    }
    const key = `${standing.kind}:${[...standing.roles].join()}`;
    const known = this.#withRoles.get(key) ?? rightsOf(this.#model, standing);
    this.#withRoles.set(key, known);
    return known;
  }
}

function rolesNamed({ rules }: AnyCollection): ReadonlySet<string> {
  const ofFields = Object.values(rules.fields ?? {}).flatMap(({ read, write }) => [read, write]);
  return new Set([...OPERATIONS.map((operation) => rules[operation]), ...ofFields].flatMap(rolesIn));
}

/** As text. A condition on the caller never is the same as one of anybody's, which has no caller. */
function shownBy(rights: Rights, operation: ReadOperation): string {
  const { columns, guarded } = rights.view;
  return JSON.stringify([rights[operation], columns.map(({ name }) => name), [...guarded]]);
}
