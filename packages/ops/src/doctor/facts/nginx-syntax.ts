import { wordsOf } from './nginx-words.ts';

/** A line of nginx's configuration, with what stands in its braces. */
export interface NginxDirective {
  readonly name: string;
  readonly args: readonly string[];
  /** Null for one that ends in a semicolon. */
  readonly block: readonly NginxDirective[] | null;
  readonly file: string;
  readonly line: number;
}

/** Deeper than anybody nests; a file of only braces ends here. */
const DEEPEST = 30;

/** Reads a file as far as it can be read: what a mistake in it hides is nginx's own to tell (`nginx -t`). */
export function parseNginx(text: string, file: string): readonly NginxDirective[] {
  const words = wordsOf(text).values();
  return readBlock(0);

  function readBlock(depth: number): readonly NginxDirective[] {
    const directives: NginxDirective[] = [];
    let name: string | undefined;
    let line = 0;
    let args: string[] = [];
    const keep = (block: readonly NginxDirective[] | null) => {
      if (name !== undefined) directives.push({ name, args, block, file, line });
      name = undefined;
      args = [];
    };
    for (let word = words.next().value; word !== undefined; word = words.next().value) {
      if (word.isSign && word.text === '}') break;
      if (word.isSign) keep(word.text === '{' && depth < DEEPEST ? readBlock(depth + 1) : null);
      else if (name === undefined) ({ text: name, line } = word);
      else args.push(word.text);
    }
    return directives;
  }
}

/** All directives of a name, at any depth. */
export function directivesNamed(
  name: string,
  directives: readonly NginxDirective[],
): readonly NginxDirective[] {
  return directives.flatMap((directive) => [
    ...(directive.name === name ? [directive] : []),
    ...(directive.block === null ? [] : directivesNamed(name, directive.block)),
  ]);
}
