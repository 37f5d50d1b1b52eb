// No control characters, and no spaces at the ends: names are compared to the letter.
const name = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\p{C}\\s]([^\\p{C}]*[^\\p{C}\\s])?$',
};

// NIST SP 800-63B §5.1.1.2: at least 8 characters when chosen, no rules of composition; the upper bound only bounds work.
const chosenPassword = { type: 'string', minLength: 8, maxLength: 200 };
const givenPassword = { type: 'string', minLength: 1, maxLength: 200 };

export const claimSchema = {
  type: 'object',
  properties: {
    link: { type: 'string', minLength: 1, maxLength: 100 },
    name,
    password: chosenPassword,
  },
  required: ['link', 'name', 'password'],
  additionalProperties: false,
} as const;

export const loginSchema = {
  type: 'object',
  properties: { name: { type: 'string', minLength: 1, maxLength: 64 }, password: givenPassword },
  required: ['name', 'password'],
  additionalProperties: false,
} as const;

export const adminAnswerSchema = {
  type: 'object',
  properties: {
    token: { type: 'string' },
    expiresAt: { type: 'string', format: 'date-time' },
    name: { type: 'string' },
  },
  required: ['token', 'expiresAt', 'name'],
} as const;
