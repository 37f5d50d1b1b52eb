import { type Language, say, type Text, type TextData } from './language.ts';

/** What one error code means: the HTTP status it travels with and the sentence people read. */
export interface ErrorDefinition {
  readonly status: number;
  readonly message: Text;
}

export type ErrorTable = Readonly<Record<string, ErrorDefinition>>;

/** One fault among several in the same request, such as one wrong field of a body. */
export interface ErrorDetail {
  /** Where: a field path such as `items.0.quantity`, or a parameter name. */
  readonly path?: string;
  /** What is wrong there, for people. */
  readonly issue: string;
}

/** An {@link ErrorDetail} whose sentence may still be in every language. */
export interface ErrorFault {
  readonly path?: string;
  readonly issue: string | Text;
  /** What fills the text. */
  readonly data?: TextData;
}

export interface CodedErrorOptions {
  readonly data?: TextData;
  readonly details?: readonly ErrorFault[];
  readonly cause?: unknown;
  /** Seconds after which a retry makes sense; travels as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

const BRAND = Symbol.for('maque.CodedError');

/** An error that callers may show to anybody: a stable code, its data, and prose made in one place. */
export class CodedError extends Error {
  readonly [BRAND] = true;
  readonly code: string;
  readonly status: number;
  readonly data: TextData;
  readonly retryAfterSeconds: number | undefined;
  readonly #faults: readonly ErrorFault[];
  readonly #text: Text;

  constructor(code: string, definition: ErrorDefinition, options: CodedErrorOptions = {}) {
    const data = options.data ?? {};
    super(
      say(definition.message, 'en', data),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'CodedError';
    this.code = code;
    this.status = definition.status;
    this.data = data;
    this.#faults = options.details ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.#text = definition.message;
  }

  /** Errors of another copy of this package count too: an app may carry one beside the server's. Subclasses know theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: which class is asked makes the difference
    if (this !== CodedError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The details in English. */
  get details(): readonly ErrorDetail[] {
    return this.detailsIn('en');
  }

  /** The details in the language of whoever reads them. */
  detailsIn(language: Language): readonly ErrorDetail[] {
    return this.#faults.map(({ path, issue, data }) => {
      const sentence = typeof issue === 'string' ? issue : say(issue, language, data);
      return path === undefined ? { issue: sentence } : { path, issue: sentence };
    });
  }

  /** The same error about one part of what was sent: its details lie under that path, and there is at least one. */
  under(path: string): CodedError {
    const faults = this.#faults.length > 0 ? this.#faults : [{ issue: this.#text, data: this.data }];
    const details = faults.map((fault) => ({
      ...fault,
      path: fault.path === undefined ? path : `${path}.${fault.path}`,
    }));
    const { data, retryAfterSeconds } = this;
    return new CodedError(
      this.code,
      { status: this.status, message: this.#text },
      { data, details, cause: this, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    );
  }

  /** The message in the language of whoever reads it. */
  messageIn(language: Language): string {
    return say(this.#text, language, this.data);
  }
}

/** A maker for each code of a table: `errors.PRODUCT_UNKNOWN({ data: { id } })`. */
export type ErrorMakers<Table extends ErrorTable> = {
  readonly [Code in keyof Table & string]: (options?: CodedErrorOptions) => CodedError;
};

/**
 * Turns a table of error codes into makers of {@link CodedError}.
 * @throws TypeError when a code is not UPPER_SNAKE_CASE or a status is not 400–599: both are on the wire for ever.
 */
export function defineErrors<const Table extends ErrorTable>(table: Table): ErrorMakers<Table> {
  const makers: Record<string, (options?: CodedErrorOptions) => CodedError> = {};
  for (const [code, definition] of Object.entries(table)) {
    if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(code)) {
      throw new TypeError(`error code ${code} is not UPPER_SNAKE_CASE`);
    }
    if (!Number.isInteger(definition.status) || definition.status < 400 || definition.status > 599) {
      throw new TypeError(`error ${code} has status ${definition.status}; 400 to 599 is expected`);
    }
    makers[code] = (options) => {
      const error = new CodedError(code, definition, options);
      Error.captureStackTrace?.(error, makers[code]);
      return error;
    };
  }
  return Object.freeze(makers) as ErrorMakers<Table>;
}
