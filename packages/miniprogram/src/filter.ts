export type FilterValue = string | number | boolean | null | Date | readonly (string | number | boolean)[];

/** A condition on records, whose values are quoted. */
export class Filter {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * Makes a filter whose values are quoted, whoever typed them: filter`category = ${category} and price_fen <= ${max}`.
 * A filter inside another is put in parentheses; an array is the list of `in`.
 * @throws TypeError for a value that the filter language has no word for, such as NaN or an object.
 */
export function filter(words: TemplateStringsArray, ...values: readonly (FilterValue | Filter)[]): Filter {
  return new Filter(words.reduce((text, word, index) => text + quote(values[index - 1]) + word));
}

function quote(value: unknown): string {
  if (value instanceof Filter) return `(${value})`;
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `(${value.map(quote).join(', ')})`;
  if (typeof value === 'string') return `"${value.replace(/[\\"]/g, '\\$&')}"`;
  if (value === null || typeof value === 'boolean') return String(value);
  // Digits only: the filter language has no exponents, and no field holds a number that needs one.
  if (typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(String(value))) return String(value);
  throw new TypeError(`a filter cannot hold ${String(value)}`);
}
