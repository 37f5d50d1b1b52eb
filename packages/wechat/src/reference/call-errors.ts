import type { ErrorDefinition, Text } from '@maque/kit';
import { classify } from '../errors/classify.ts';
import { failureCodes } from '../errors/failure-codes.ts';
import type { FailureRow } from '../errors/failure-row.ts';
import { payFailureCodes } from '../pay/errors/pay-failure-codes.ts';
import type { PayFailureRow } from '../pay/errors/pay-failure-row.ts';
import { type PayRefusalCode, payRefusalRows } from '../pay/errors/pay-refusal-rows.ts';

/** One way in which calls fail. */
export interface CallError {
  /** WeChat's number or code; null for what fails before WeChat says anything. */
  readonly said: string | null;
  /** Our code, as `error.code` has it. */
  readonly code: string;
  /** The HTTP status that our own caller deserves. */
  readonly status: number;
  readonly meaning: Text;
  readonly advice: Text;
  /** An operator is told of it. */
  readonly alert: boolean;
}

/** What an errcode of WeChat means at one of its paths. */
export function callErrorOf(errcode: number, path: string): CallError {
  return describe(String(errcode), classify(errcode, path), failureCodes);
}

/** What a code of WeChat Pay means. */
export function payCallErrorOf(code: PayRefusalCode): CallError {
  return describe(code, payRefusalRows[code], payFailureCodes);
}

/** What fails without a word of WeChat's. */
export function failuresOf(rows: Readonly<Record<string, FailureRow | PayFailureRow>>): readonly CallError[] {
  return Object.values(rows).map((row) => describe(null, row, { ...failureCodes, ...payFailureCodes }));
}

function describe<Code extends string>(
  said: string | null,
  { code, advice, alert }: { readonly code: Code; readonly advice: Text; readonly alert: boolean },
  definitions: Readonly<Record<Code, ErrorDefinition>>,
): CallError {
  const { status, message } = definitions[code];
  return { said, code, status, meaning: message, advice, alert };
}
