import {
  type Expression,
  type ExpressionBuilder,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { Condition } from '../../define/condition.ts';
import type { DatabaseDialect, DynamicTables } from '../../ports/database.ts';
import { documentTypeOf, placeOf } from './condition-place.ts';
import {
  bandsOf,
  type ConditionSubject,
  crossesMeridian,
  needsCaller,
  padToPowerOfTwo,
} from './condition-shape.ts';
import { bandExpression, coordinatesOf, haversineExpression } from './geo-sql.ts';
import { LIKE_ESCAPE } from './like-pattern.ts';
import { type Link, linkNamed, type RecordModel } from './record-model.ts';
import type { Candidate } from './sparse-parts.ts';
import { Slot } from './statement-template.ts';

type Builder = ExpressionBuilder<DynamicTables, string>;
type PartOf<Kind extends Condition['kind']> = Condition & { readonly kind: Kind };

/** Rows of a table of links, and which of its columns names the record. */
interface Links {
  // biome-ignore lint/suspicious/noExplicitAny: Kysely has a type for each alias
  readonly links: SelectQueryBuilder<any, any, any>;
  readonly recordId: RawBuilder<unknown>;
}

/** The records that a condition is about: a collection, and what its table is called in the query. */
interface Subject {
  readonly model: RecordModel;
  readonly table: string;
}

/**
 * Makes SQL of conditions, with slots where their values go, numbered in the order of `parametersOf`. Every comparison
 * is true or false, never null, so that the SQL means what `matches` means.
 */
export class ConditionSql {
  readonly #builder: Builder;
  readonly #dialect: DatabaseDialect;
  readonly #about: ConditionSubject;
  #nextSlot: number;
  #nextTable = 1;

  constructor(builder: Builder, dialect: DatabaseDialect, about: ConditionSubject, firstSlot = 0) {
    this.#builder = builder;
    this.#dialect = dialect;
    this.#about = about;
    this.#nextSlot = firstSlot;
  }

  /** A condition on the records of a table that the query reads by its own name. */
  of(model: RecordModel, condition: Condition): Expression<SqlBool> {
    return this.#inTime(this.#of({ model, table: model.name }, condition));
  }

  /**
   * The ids of the records that fit one part of a condition, found from its other side and one after the other; some may
   * come twice. What is deleted softly is among them.
   */
  idsFitting(model: RecordModel, candidate: Candidate) {
    const on = { model, table: model.name };
    const id = sql.ref(`${model.name}.id`).as('id');
    if (candidate.kind === 'near' || candidate.kind === 'compare' || candidate.kind === 'in')
      return this.#builder
        .selectFrom(model.name)
        .where(this.#inTime(this.#of(on, candidate)))
        .select(id);
    const link = linkNamed(model, candidate.field);
    if (link === undefined && candidate.kind === 'related') {
      const behind = this.#behind(on, candidate);
      const relation = sql.ref(`${model.name}.${candidate.field}`);
      return behind.records
        .innerJoin(model.name, (join) => join.on(sql<SqlBool>`${relation} = ${behind.id}`))
        .select(id);
    }
    if (link === undefined) throw new Error(`${model.name}.${candidate.field} has no links`);
    const { links, recordId } =
      candidate.kind === 'has' ? this.#linksTo(link) : this.#linksBehind(on, candidate, link);
    return links.select(recordId.as('id'));
  }

  #of(on: Subject, condition: Condition): Expression<SqlBool> {
    switch (condition.kind) {
      case 'all':
        if (condition.parts.length === 0) return always(true);
        return this.#builder.and(condition.parts.map((part) => this.#of(on, part)));
      case 'any':
        if (condition.parts.length === 0) return always(false);
        return this.#builder.or(condition.parts.map((part) => this.#of(on, part)));
    }
    if (needsCaller(condition) && this.#about.callerId === undefined) return always(false);
    switch (condition.kind) {
      case 'compare':
        return this.#compare(on, condition);
      case 'in':
        return this.#in(on, condition);
      case 'like':
        return this.#like(on, condition);
      case 'has':
        return this.#has(on, condition);
      case 'near':
        return this.#near(on, condition);
      case 'related':
        return this.#related(on, condition);
    }
  }

  #compare(on: Subject, condition: PartOf<'compare'>): Expression<SqlBool> {
    const { comparator, operand } = condition;
    const value = this.#comparedValue(on, condition);
    if (operand === null) return sql<SqlBool>`${value} ${sql.raw(comparator === '=' ? 'is' : 'is not')} null`;
    const compared = sql<SqlBool>`${value} ${sql.raw(comparator)} ${this.#slot()}`;
    // `field <> ?` of a null is null; a null is different from any value.
    return comparator === '!=' ? sql<SqlBool>`(${compared} or ${value} is null)` : compared;
  }

  #in(on: Subject, condition: PartOf<'in'>): Expression<SqlBool> {
    const { operands, negated } = condition;
    if (operands.length === 0) return always(negated);
    const value = this.#comparedValue(on, condition);
    const slots = sql.join(padToPowerOfTwo(operands).map(() => this.#slot()));
    if (!negated) return sql<SqlBool>`${value} in (${slots})`;
    return sql<SqlBool>`(${value} not in (${slots}) or ${value} is null)`;
  }

  #like(on: Subject, { field, negated }: PartOf<'like'>): Expression<SqlBool> {
    const value = this.#value(on, field);
    const pattern = sql`${this.#slot()} escape ${sql.lit(LIKE_ESCAPE)}`;
    if (!negated) return sql<SqlBool>`${value} like ${pattern}`;
    return sql<SqlBool>`(${value} not like ${pattern} or ${value} is null)`;
  }

  #has(on: Subject, condition: PartOf<'has'>): Expression<SqlBool> {
    const link = linkNamed(on.model, condition.field);
    if (link === undefined) return this.#hasItem(on, condition);
    return this.#byLinks(on, condition, this.#linksTo(link));
  }

  /** Of a list in a column or in a document, or of ids in a document. */
  #hasItem(on: Subject, { field, negated }: PartOf<'has'>): Expression<SqlBool> {
    const place = placeOf(on.model, field);
    const { spec } = place.field;
    const type = spec.kind === 'list' ? documentTypeOf(spec.item) : 'text';
    const column = sql.ref(`${on.table}.${place.column}`);
    const has = this.#dialect.documentHas(column, place.path, type, sql`${this.#slot()}`);
    // Of a null, it is neither.
    return negated ? sql<SqlBool>`not coalesce(${has}, 1 = 0)` : has;
  }

  #related(on: Subject, condition: PartOf<'related'>): Expression<SqlBool> {
    const { field, negated } = condition;
    const link = linkNamed(on.model, field);
    if (link !== undefined) return this.#byLinks(on, condition, this.#linksBehind(on, condition, link));
    const { records, id } = this.#behind(on, condition);
    const own = sql.ref(`${on.table}.${field}`);
    if (this.#isSparse(condition)) return sql<SqlBool>`${own} in ${records.select(id.as('id'))}`;
    const exists = sql<SqlBool>`exists ${records.where(sql<SqlBool>`${id} = ${own}`).select(one)}`;
    return negated ? sql<SqlBool>`not ${exists}` : exists;
  }

  #byLinks(
    on: Subject,
    condition: PartOf<'has' | 'related'>,
    { links, recordId }: Links,
  ): Expression<SqlBool> {
    const own = sql.ref(`${on.table}.id`);
    if (this.#isSparse(condition)) return sql<SqlBool>`${own} in ${links.select(recordId.as('id'))}`;
    const exists = sql<SqlBool>`exists ${links.where(sql<SqlBool>`${recordId} = ${own}`).select(one)}`;
    return condition.negated ? sql<SqlBool>`not ${exists}` : exists;
  }

  /** The links that lead to the value of the next slot. */
  #linksTo(link: Link): Links {
    const table = this.#newName('links');
    const links = this.#builder
      .selectFrom(`${link.table} as ${table}`)
      .where(`${table}.targetId`, '=', this.#slot());
    return { links, recordId: sql.ref(`${table}.recordId`) };
  }

  /** The links that lead to a record that fits. */
  #linksBehind(on: Subject, condition: PartOf<'related'>, link: Link): Links {
    const { records, id } = this.#behind(on, condition);
    const table = this.#newName('links');
    const links = records.innerJoin(`${link.table} as ${table}`, (join) =>
      join.on(sql<SqlBool>`${sql.ref(`${table}.targetId`)} = ${id}`),
    );
    return { links, recordId: sql.ref(`${table}.recordId`) };
  }

  /** The records behind a relation that fit. */
  #behind(on: Subject, { field, part }: PartOf<'related'>) {
    const behind = { model: on.model.behind(field), table: this.#newName('record') };
    return { records: this.#fitting(behind, part), id: sql.ref(`${behind.table}.id`) };
  }

  /** The records of a table that fit; what is deleted softly is behind no relation. */
  #fitting(of: Subject, part: Condition) {
    const records = this.#builder
      .selectFrom(`${of.model.name} as ${of.table}`)
      .where(this.#inTime(this.#of(of, part)));
    return of.model.declared.softDelete === undefined
      ? records
      : records.where(`${of.table}.deletedAt`, 'is', null);
  }

  #near(on: Subject, condition: PartOf<'near'>): Expression<SqlBool> {
    const { field, near, negated } = condition;
    const { column, path } = placeOf(on.model, field);
    const place = coordinatesOf(this.#dialect, sql.ref(`${on.table}.${column}`), path);
    const { lat, lng } = place;
    const height = sql<SqlBool>`${lat} between ${this.#slot()} and ${this.#slot()}`;
    const [west, east] = [this.#slot(), this.#slot()];
    const width = crossesMeridian(near)
      ? sql<SqlBool>`(${lng} >= ${west} or ${lng} <= ${east})`
      : sql<SqlBool>`${lng} between ${west} and ${east}`;
    const distance = haversineExpression(place, [this.#slot(), this.#slot(), this.#slot()]);
    const isInside = sql<SqlBool>`${height} and ${width} and ${distance} <= ${this.#slot()}`;
    const bands = bandsOf(on.model, condition, this.#about).map(() => this.#slot());
    // Last, as it is computed of each record that is found by another index.
    const isNear =
      bands.length === 0
        ? sql<SqlBool>`(${isInside})`
        : sql<SqlBool>`(${isInside} and ${bandExpression(place)} in (${sql.join(bands)}))`;
    return negated ? sql<SqlBool>`not coalesce(${isNear}, 1 = 0)` : isNear;
  }

  /** What is computed of an indexed value is not looked up: that keeps an index out that is no way to find a few. */
  #comparedValue(on: Subject, condition: PartOf<'compare' | 'in'>): Expression<unknown> {
    const value = this.#value(on, condition.field);
    return this.#about.dense?.has(condition) === true ? sql`coalesce(${value}, null)` : value;
  }

  #value({ model, table }: Subject, name: string): Expression<unknown> {
    const { field, column, path } = placeOf(model, name);
    const kept = sql.ref(`${table}.${column}`);
    return path.length === 0 ? kept : this.#dialect.documentValue(kept, path, documentTypeOf(field));
  }

  /** Each query inside of the query is asked too: it may read more than the one around it. */
  #inTime(condition: Expression<SqlBool>): Expression<SqlBool> {
    const { maxMs } = this.#about;
    return maxMs === undefined ? condition : this.#builder.and([this.#dialect.withinTime(maxMs), condition]);
  }

  #isSparse(condition: Condition): boolean {
    return this.#about.sparse?.has(condition) === true;
  }

  #slot(): Slot {
    const slot = new Slot(this.#nextSlot);
    this.#nextSlot += 1;
    return slot;
  }

  /**
   * Inside a query inside a query, each table has a name of its own, as a collection may relate to itself. None begins
   * with `_`, so no collection is hidden behind the name.
   */
  #newName(kind: string): string {
    const name = `_${kind}${this.#nextTable}`;
    this.#nextTable += 1;
    return name;
  }
}

const one = sql.lit(1).as('one');

function always(isTrue: boolean): Expression<SqlBool> {
  return isTrue ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`;
}
