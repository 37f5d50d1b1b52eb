/** Contract's `Me` as JSON Schema. */
export const meSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    nickname: { type: ['string', 'null'] },
    avatarUrl: { type: ['string', 'null'] },
    createdAt: { type: 'string', format: 'date-time' },
    updatedAt: { type: 'string', format: 'date-time' },
  },
  required: ['id', 'nickname', 'avatarUrl', 'createdAt', 'updatedAt'],
  additionalProperties: false,
} as const;
