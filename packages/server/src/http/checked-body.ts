import { errors } from '@maque/contract';
import type { FastifyRequest } from 'fastify';
import { checkFields, Issues } from '../define/check-value.ts';
import type { Fields, ValuesOf } from '../define/field.ts';

/**
 * The JSON body of a request, every field of it checked; what was left out holds its default or null.
 * @throws CodedError VALIDATION_FAILED with every fault by its path, unknown fields among them.
 */
export function checkedBody<const F extends Fields>(request: FastifyRequest, fields: F): ValuesOf<F> {
  return checked(request, fields, false) as ValuesOf<F>;
}

/** The same for a body of changes: only what is given is there. */
export function checkedChanges<const F extends Fields>(
  request: FastifyRequest,
  fields: F,
): Partial<ValuesOf<F>> {
  return checked(request, fields, true) as Partial<ValuesOf<F>>;
}

function checked(request: FastifyRequest, fields: Fields, partial: boolean): Record<string, unknown> {
  const issues = new Issues();
  const values = checkFields(fields, request.body, '', issues, { partial, fromOutside: true });
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
  return values;
}
