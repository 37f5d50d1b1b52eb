import { NumbersList } from './numbers-list.ts';
import { StringNodes } from './string-nodes.ts';

/**
 * Nodes that hold the names which code says: `order.phone` stands in the constants of a function's bytecode, `{ phone }` in
 * what an object literal is made from, variables in their scope. Feedback, which V8 gathers while code runs, holds keys
 * that are data too: it is not among them.
 */
const SOURCES: ReadonlySet<string> = new Set([
  '(constant pool)',
  '(context local names)',
  'system / ScopeInfo',
  'system / ObjectBoilerplateDescription',
  'system / UncompiledDataWithoutPreparseData',
  'system / UncompiledDataWithPreparseData',
]);

// What code nodes are called is known when the strings come, after what they point at. So the commonest names are kept
// apart by a bit each; the sources are among the fifteen commonest in every heap that was looked at.
const MOST_SOURCES = 32;

// Functions with names of their own: a big app has 30,000.
const MOST_NAMES = 65_536;
const PAGE = 65_536;

/**
 * Finds which strings code mentions as names, in one pass: first every node in order, then every edge in order, then every
 * string in order. Takes 4 bytes for each string node, and little else.
 */
export class NamesInCode {
  readonly #strings = new StringNodes();
  /** Code nodes that have edges: the number of the first one, how many, and the index of the node's name. */
  readonly #firstEdges = new NumbersList();
  readonly #edgeCounts = new NumbersList();
  readonly #names = new NumbersList();
  readonly #counts = new Map<number, number>();
  readonly #bits = new Map<number, number>();
  readonly #mentions: (Uint32Array | undefined)[] = [];
  #edgesOfNodes = 0;
  #edge = 0;
  #code = -1;
  #codeBit = 0;
  #codeBegin = 0;
  #codeEnd = 0;
  #sourceBits = 0;

  node(name: number, kind: 'string' | 'code' | 'other', edgeCount: number): void {
    this.#strings.push(kind === 'string' ? name : null);
    if (kind === 'code' && edgeCount > 0) {
      this.#firstEdges.push(this.#edgesOfNodes);
      this.#edgeCounts.push(edgeCount);
      this.#names.push(name);
      const count = this.#counts.get(name);
      if (count !== undefined || this.#counts.size < MOST_NAMES) this.#counts.set(name, (count ?? 0) + 1);
    }
    this.#edgesOfNodes += edgeCount;
  }

  nodesEnd(): void {
    this.#strings.end();
    const commonest = [...this.#counts].sort(([, a], [, b]) => b - a).slice(0, MOST_SOURCES);
    for (const [place, [name]] of commonest.entries()) this.#bits.set(name, 1 << place);
    this.#counts.clear();
    this.#nextCode();
  }

  /** The next edge, and the node that it leads to. */
  edge(node: number): void {
    const edge = this.#edge++;
    if (edge < this.#codeBegin) return;
    while (edge >= this.#codeEnd) this.#nextCode();
    if (edge < this.#codeBegin || this.#codeBit === 0) return;
    const name = this.#strings.nameOf(node);
    if (name !== null) this.#mention(name);
  }

  /** The next string that is the name of a node. */
  text(index: number, text: string): void {
    if (SOURCES.has(text)) this.#sourceBits |= this.#bits.get(index) ?? 0;
  }

  /** Whether code says this string as a name, as far as the sources' own names came before it. */
  has(index: number): boolean {
    const page = this.#mentions[Math.floor(index / PAGE)];
    return page !== undefined && ((page[index % PAGE] as number) & this.#sourceBits) !== 0;
  }

  #nextCode(): void {
    const code = ++this.#code;
    const isLast = code >= this.#firstEdges.length;
    this.#codeBegin = isLast ? Number.POSITIVE_INFINITY : this.#firstEdges.at(code);
    this.#codeEnd = isLast ? Number.POSITIVE_INFINITY : this.#codeBegin + this.#edgeCounts.at(code);
    this.#codeBit = isLast ? 0 : (this.#bits.get(this.#names.at(code)) ?? 0);
  }

  #mention(name: number): void {
    const at = Math.floor(name / PAGE);
    this.#mentions[at] ??= new Uint32Array(PAGE);
    const page = this.#mentions[at] as Uint32Array;
    page[name % PAGE] = (page[name % PAGE] as number) | this.#codeBit;
  }
}
