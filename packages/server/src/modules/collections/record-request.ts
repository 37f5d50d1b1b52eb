export const JSON_TYPE = 'application/json; charset=utf-8';

export const ID_PARAMS = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 } },
  required: ['id'],
};

export function idOf(params: unknown): string {
  return (params as { readonly id: string }).id;
}
