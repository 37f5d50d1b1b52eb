import type { Plugin } from 'rolldown';

/** Writes every letter that is not ASCII as an escape, so that V8 keeps the text in one byte a letter. */
export declare const asciiOnly: Plugin;
