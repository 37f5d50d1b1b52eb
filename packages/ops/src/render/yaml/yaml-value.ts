/** What a YAML file holds. Entries whose value is `undefined` are left out. */
export type YamlValue = string | number | boolean | null | YamlList | YamlMap | Remarked;
export type YamlList = readonly YamlValue[];
export interface YamlMap {
  readonly [key: string]: YamlValue | undefined;
}

/** A value with comment lines above the key or the dash that leads to it. */
export class Remarked {
  readonly lines: readonly string[];
  readonly value: YamlValue;

  constructor(lines: readonly string[], value: YamlValue) {
    this.lines = lines;
    this.value = value;
  }
}

/** Puts comment lines above a value; an empty line among them stays empty, and so sets parts of a file apart. */
export function remarked(lines: string | readonly string[], value: YamlValue): Remarked {
  return new Remarked(typeof lines === 'string' ? [lines] : lines, value);
}
