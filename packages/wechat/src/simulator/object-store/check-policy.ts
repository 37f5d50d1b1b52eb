import { type Bytes, GiB } from '@maque/kit';
import { accessDenied, StoreRefusal } from './store-refusal.ts';

export interface PolicyCheck {
  /** JSON. */
  readonly policy: string;
  /** Names in lower case. */
  readonly fields: Readonly<Record<string, string>>;
  readonly bucket: string;
  readonly nowMs: number;
  /** Whether a field of which the policy does not speak is refused, as S3 does. */
  readonly isStrict: boolean;
}

/** What the policy of a form allows of the file that follows. */
export interface SizeLimits {
  readonly minBytes: Bytes;
  readonly maxBytes: Bytes;
}

const FIVE_GIB: Bytes = 5 * GiB;
/** Fields that need no condition at S3. */
const UNSPOKEN = new Set(['policy', 'x-amz-signature', 'file']);

/** Holds the fields of a form against its policy. Answers what the file may have. @throws StoreRefusal */
export function checkPolicy({ policy, fields, bucket, nowMs, isStrict }: PolicyCheck): SizeLimits {
  const { expiration, conditions } = parsePolicy(policy);
  if (!(Date.parse(expiration) > nowMs)) throw accessDenied('Invalid according to Policy: Policy expired.');
  const values: Readonly<Record<string, string>> = { ...fields, bucket };
  const spoken = new Set<string>();
  let limits: SizeLimits = { minBytes: 0, maxBytes: FIVE_GIB };
  for (const condition of conditions) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      limits = sizeLimits(condition);
      continue;
    }
    for (const { name, isMet } of matchers(condition)) {
      spoken.add(name);
      if (!isMet(values[name] ?? '')) throw conditionFailed(condition);
    }
  }
  for (const name of Object.keys(fields)) {
    if (isStrict && !spoken.has(name) && !UNSPOKEN.has(name) && !name.startsWith('x-ignore-')) {
      throw accessDenied(`Invalid according to Policy: Extra input fields: ${name}`);
    }
  }
  return limits;
}

interface Matcher {
  readonly name: string;
  readonly isMet: (value: string) => boolean;
}

function matchers(condition: unknown): Matcher[] {
  if (Array.isArray(condition)) {
    const [operator, field, wanted] = condition as unknown[];
    if (typeof field !== 'string' || !field.startsWith('$') || typeof wanted !== 'string')
      throw policyInvalid();
    const name = fieldName(field.slice(1));
    if (operator === 'eq') return [{ name, isMet: (value) => value === wanted }];
    if (operator === 'starts-with') return [{ name, isMet: (value) => value.startsWith(wanted) }];
    throw policyInvalid();
  }
  if (typeof condition !== 'object' || condition === null) throw policyInvalid();
  return Object.entries(condition).map(([field, wanted]) => ({
    name: fieldName(field),
    isMet: (value) => value === wanted,
  }));
}

/** The time of a COS form is `q-sign-time` in the policy and `q-key-time` among the fields. */
function fieldName(name: string): string {
  const lower = name.toLowerCase();
  return lower === 'q-sign-time' ? 'q-key-time' : lower;
}

function sizeLimits([, minBytes, maxBytes]: readonly unknown[]): SizeLimits {
  const isRange =
    Number.isSafeInteger(minBytes) && Number.isSafeInteger(maxBytes) && Number(minBytes) <= Number(maxBytes);
  if (!isRange) throw policyInvalid();
  return { minBytes: Number(minBytes), maxBytes: Number(maxBytes) };
}

function parsePolicy(policy: string): { expiration: string; conditions: unknown[] } {
  try {
    const { expiration, conditions } = JSON.parse(policy) as Record<string, unknown>;
    if (typeof expiration === 'string' && Array.isArray(conditions)) return { expiration, conditions };
  } catch {
    // Told below.
  }
  throw policyInvalid();
}

function conditionFailed(condition: unknown): StoreRefusal {
  return accessDenied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition)}`);
}

function policyInvalid(): StoreRefusal {
  return new StoreRefusal(400, 'InvalidPolicyDocument', 'The policy is not valid.');
}
