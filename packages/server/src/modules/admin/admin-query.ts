import type { FastifyRequest } from 'fastify';
import type { Fields, ValuesOf } from '../../define/field.ts';
import { queryValues } from '../custom-routes/query-values.ts';
import { checkedValues } from '../records/record-input.ts';

/** The query string of a request, every field of it checked. @throws CodedError VALIDATION_FAILED. */
export function checkedQuery<const F extends Fields>(request: FastifyRequest, fields: F): ValuesOf<F> {
  const query = request.query as Readonly<Record<string, unknown>>;
  return checkedValues(fields, queryValues(fields, query), {}) as ValuesOf<F>;
}
