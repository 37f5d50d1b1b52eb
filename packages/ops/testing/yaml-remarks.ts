import { isMap, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml';
import type { RenderedFile } from '../src/render/rendered-file.ts';

const REMARK = /^ [\w-]+\.\w+(?: =|:)/m;
/** A number by itself or with a unit, or flags with numbers: not part of a name, a path, an address or a version. */
const NUMBER = /^-?\d+(?:\.\d+)?[a-zA-Z%]*$|=\d+/;

/**
 * Numbers in a YAML file that have no remark: neither at their own key nor at one that they are below.
 * @param given paths of numbers that are what they are, such as a port of the world
 */
export function unexplainedIn({ content }: RenderedFile, given: RegExp): readonly string[] {
  return parseAllDocuments(content).flatMap((document) => {
    const root = document.contents as Node | null;
    return root === null ? [] : look(root, '', false).filter((path) => !given.test(path));
  });
}

function look(node: Node, path: string, isExplained: boolean): readonly string[] {
  if (isScalar(node)) {
    const isFine = isExplained || hasRemark(node) || !NUMBER.test(String(node.value));
    return isFine ? [] : [`${path}: ${node.value}`];
  }
  // The reader puts what stands above the first thing in a list or a map at the list or the map.
  const aboveFirst = (index: number) => index === 0 && hasRemark(node);
  if (isSeq<Node>(node))
    return node.items.flatMap((item, index) =>
      look(item, `${path}[]`, isExplained || hasRemark(item) || aboveFirst(index)),
    );
  if (!isMap<Node, Node | null>(node)) return [];
  return node.items.flatMap(({ key, value }, index) =>
    value === null
      ? []
      : look(value, `${path}.${String(key)}`, isExplained || hasRemark(key) || aboveFirst(index)),
  );
}

function hasRemark({ commentBefore }: Node): boolean {
  return typeof commentBefore === 'string' && REMARK.test(commentBefore);
}
