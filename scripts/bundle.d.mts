import type { InputOptions, OutputOptions, Plugin } from 'rolldown';

/** Writes every letter that is not ASCII as an escape, so that V8 keeps the text in one byte a letter. */
export declare const asciiOnly: Plugin;

/** Leaves out comments but those of licences: V8 keeps them in memory. */
export declare const withoutComments: Pick<OutputOptions, 'comments'>;

/** Keeps what an entry loads at once in one file, whatever else loads some of it later. */
export declare function oneFileOf(
  options: InputOptions,
): Promise<NonNullable<OutputOptions['codeSplitting']>>;
