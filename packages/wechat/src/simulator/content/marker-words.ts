/** What a check finds in a text. */
export interface Finding {
  readonly suggest: 'pass' | 'review' | 'risky';
  /** WeChat's number of the kind. */
  readonly label: number;
  /** The marker that was found; empty when none was. */
  readonly keyword: string;
}

// Normal, and "other": what a marker without a number means.
const NORMAL = 100;
const OTHER = 21_000;

const MARKERS = [
  { suggest: 'risky', pattern: /\[risky(?::(\d{3,5}))?\]|【违规】/ },
  { suggest: 'review', pattern: /\[review(?::(\d{3,5}))?\]|【疑似】/ },
] as const;

/**
 * Judges a text, or the address of a picture, by the markers in it: `[risky]` or 【违规】, `[review]` or 【疑似】, with a label
 * of WeChat's where it matters: `[risky:20002]`. Real words would make the simulator's judgement a matter of taste.
 */
export function judge(text: string): Finding {
  for (const { suggest, pattern } of MARKERS) {
    const found = pattern.exec(text);
    if (found !== null) return { suggest, label: Number(found[1] ?? OTHER), keyword: found[0] };
  }
  return { suggest: 'pass', label: NORMAL, keyword: '' };
}

/** Whether WeChat would let nobody see a text. */
export function looksRisky(text: string): boolean {
  return judge(text).suggest === 'risky';
}
