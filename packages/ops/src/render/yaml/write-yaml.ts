import { writeBlock, writeNumber, writeString } from './write-scalar.ts';
import { Remarked, type YamlList, type YamlMap, type YamlValue } from './yaml-value.ts';

/**
 * Writes a YAML file with its comments: maps and lists in blocks, strings quoted wherever a reader of YAML 1.1 or 1.2
 * could take them for another type. No anchors, tags or folded text.
 * @param documents each becomes a document of its own, with `---` between them.
 */
export function writeYaml(...documents: readonly YamlValue[]): string {
  return `${documents.map((document) => linesOf(document).join('\n')).join('\n---\n')}\n`;
}

function linesOf(value: YamlValue): readonly string[] {
  if (value instanceof Remarked) return [...value.lines.flatMap(commentLines), ...linesOf(value.value)];
  if (typeof value === 'string') return writeBlock(value)?.map(indentedAfterFirst) ?? [writeString(value)];
  if (typeof value === 'number') return [writeNumber(value)];
  if (value === null || typeof value === 'boolean') return [String(value)];
  return isList(value) ? listLines(value) : mapLines(value);
}

function mapLines(map: YamlMap): readonly string[] {
  const entries = Object.entries(map).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value }],
  );
  if (entries.length === 0) return ['{}'];
  return entries.flatMap(({ key, value }) => {
    const { comments, bare } = withoutComments(value);
    const lines = linesOf(bare);
    const name = writeString(key);
    if (isNested(bare)) return [...comments, `${name}:`, ...lines.map(indented)];
    return [...comments, `${name}: ${lines[0] ?? ''}`, ...lines.slice(1)];
  });
}

function listLines(list: YamlList): readonly string[] {
  if (list.length === 0) return ['[]'];
  return list.flatMap((value) => {
    const lines = linesOf(value);
    // Comments of the item, and of the first thing in it, stand above the dash.
    const start = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
    const { comments, bare } = withoutComments(value);
    if (!isNested(bare)) return [...comments, ...dashed(linesOf(bare))];
    return [...lines.slice(0, start), ...dashed(lines.slice(start), indented)];
  });
}

function dashed(
  lines: readonly string[],
  follow: (line: string) => string = (line) => line,
): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : follow(line)));
}

function withoutComments(value: YamlValue): {
  readonly comments: readonly string[];
  readonly bare: Exclude<YamlValue, Remarked>;
} {
  if (!(value instanceof Remarked)) return { comments: [], bare: value };
  const inner = withoutComments(value.value);
  return { comments: [...value.lines.flatMap(commentLines), ...inner.comments], bare: inner.bare };
}

function commentLines(text: string): readonly string[] {
  return text.split(/[\r\n\u0085\u2028\u2029]+/).map((line) => {
    const printable = line.replace(/\p{Cc}|\p{Cs}|[\ufeff\ufffe\uffff]/gu, ' ').trimEnd();
    return printable === '' ? '' : `# ${printable}`;
  });
}

/** Whether it takes lines of its own below its key. */
function isNested(value: Exclude<YamlValue, Remarked>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isList(value)) return value.length > 0;
  return Object.values(value).some((entry) => entry !== undefined);
}

function isList(value: YamlList | YamlMap): value is YamlList {
  return Array.isArray(value);
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

function indentedAfterFirst(line: string, index: number): string {
  return index === 0 ? line : indented(line);
}
