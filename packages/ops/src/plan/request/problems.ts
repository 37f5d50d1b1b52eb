import {
  type CodedError,
  defineErrors,
  type ErrorFault,
  nearestName,
  type Text,
  type TextData,
} from '@maque/kit';

/** Why nothing can be planned from what was told. */
export const requestErrors = defineErrors({
  PLAN_REQUEST_INVALID: {
    status: 400,
    message: { en: 'This cannot be planned ({source}):', zh: '无法据此规划（{source}）：' },
  },
});

const UNKNOWN: Text = {
  en: '{path}: nothing has the name {name}; there is {names}',
  zh: '{path}：没有名为 {name} 的项，可用的有 {names}',
};
const UNKNOWN_NEAR: Text = {
  en: '{path}: nothing has the name {name}; did you mean {nearest}?',
  zh: '{path}：没有名为 {name} 的项，是不是 {nearest}？',
};

/** One thing that is wrong: where, and what is expected there. */
export type RequestProblem = ErrorFault;

/** More than anyone reads; a file of another kind would fill the screen. */
const MOST = 50;

/** Everything that is wrong with what was told, gathered so that it is told at once. */
export class Problems {
  readonly #faults: ErrorFault[] = [];

  /** @param issue names the place by itself, as `{path}`. */
  add(path: string, issue: Text, data: TextData = {}): void {
    if (this.#faults.length >= MOST) return;
    const clean = Object.entries({ ...data, path }).map(([name, datum]) => [
      name,
      typeof datum === 'string' ? withoutControls(datum) : datum,
    ]);
    this.#faults.push({ path: withoutControls(path), issue, data: Object.fromEntries(clean) });
  }

  /** A name that there is not, with the one that was probably meant, else with all that there are. */
  unknown(path: string, name: string, names: readonly string[]): void {
    const nearest = nearestName(name, names);
    if (nearest === undefined) this.add(path, UNKNOWN, { name: shown(name), names: [...names].join(', ') });
    else this.add(path, UNKNOWN_NEAR, { name: shown(name), nearest });
  }

  get list(): readonly RequestProblem[] {
    return this.#faults;
  }

  get count(): number {
    return this.#faults.length;
  }

  /** @param source where it was told: a file's name, `command line`. */
  toError(source: string | Text): CodedError {
    return requestErrors.PLAN_REQUEST_INVALID({ data: { source }, details: this.#faults });
  }
}

/** What a file holds must not steer the terminal that shows it: C0, C1, and the marks that turn the direction of text. */
function withoutControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
