import { RecentMap } from '@maque/kit';
import type { Compilable } from 'kysely';
import type { SqlValue, Statement } from '../../ports/database.ts';

/** Stands for a parameter in a query while it is built; its value comes with each run. */
export class Slot {
  readonly position: number;

  constructor(position: number) {
    this.position = position;
  }
}

/** A query that was compiled once: its SQL and, for each parameter, a slot or a fixed value. */
export interface StatementTemplate {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Compiles a query that has slots among its parameters. Costs 10 to 50 µs, which is why it is done once a shape. */
export function compileTemplate(query: Compilable): StatementTemplate {
  const { sql, parameters } = query.compile();
  return { sql, parameters };
}

/** The statement with `values` in its slots. */
export function bindTemplate({ sql, parameters }: StatementTemplate, values: readonly SqlValue[]): Statement {
  const bound: unknown[] = new Array(parameters.length);
  for (let index = 0; index < parameters.length; index += 1) {
    const parameter = parameters[index];
    bound[index] = parameter instanceof Slot ? values[parameter.position] : parameter;
  }
  return { sql, parameters: bound };
}

/** Queries that were compiled, by what they look like. */
export class StatementTemplates {
  readonly #kept: RecentMap<string, StatementTemplate>;

  /** @param max of those that are kept; at 1 to 3 KiB each. */
  constructor(max: number) {
    this.#kept = new RecentMap(max);
  }

  /** The query of this shape; compiled when it is asked for first. */
  get(shape: string, query: () => Compilable): StatementTemplate {
    const known = this.#kept.get(shape);
    if (known !== undefined) return known;
    const template = compileTemplate(query());
    this.#kept.set(shape, template);
    return template;
  }
}
