// So many paths that differ in one part only are one route, if most of them are hardly ever asked for.
const SIBLINGS = 30;
const RARE_VISITS = 2;
const RARE_SHARE = 0.5;
// Names that are kept; further ones are as they come. 1,000 are some 200 KiB, while suspicious.
const MAX_NAMES = 1_000;
const PARAMETER = ':id';

/**
 * Finds the routes of an app that does not declare them where ids look like words, such as names of users: the part in
 * which many paths differ is a parameter.
 */
export class PathShapes {
  readonly #visits = new Map<string, number>();
  readonly #siblings = new Map<string, string[]>();
  readonly #shapes = new Set<string>();

  /** The route as far as it is known by now; {@link shapeOf} knows better later. */
  seen(name: string): string {
    const visits = this.#visits.get(name);
    if (visits !== undefined) {
      this.#visits.set(name, visits + 1);
      return name;
    }
    const shape = this.shapeOf(name);
    if (shape === name && this.#visits.size < MAX_NAMES) this.#add(name);
    return shape;
  }

  /** The route that a path with this name belongs to, by all that was seen. */
  shapeOf(name: string): string {
    return shapesOf(name).find((shape) => this.#shapes.has(shape)) ?? name;
  }

  #add(name: string): void {
    this.#visits.set(name, 1);
    for (const shape of shapesOf(name)) {
      const siblings = this.#siblings.get(shape) ?? [];
      this.#siblings.set(shape, siblings);
      siblings.push(name);
      if (siblings.length >= SIBLINGS && this.#areRare(siblings)) {
        this.#shapes.add(shape);
        this.#siblings.delete(shape);
      }
    }
  }

  #areRare(names: readonly string[]): boolean {
    const rare = names.filter((name) => (this.#visits.get(name) ?? 0) <= RARE_VISITS);
    return rare.length > RARE_SHARE * names.length;
  }
}

/** The name with each of its parts as a parameter, the last first: `GET /a/b` is of `GET /a/:id` and `GET /:id/b`. */
function shapesOf(name: string): string[] {
  const parts = name.split('/');
  return parts
    .map((part, index) => (index === 0 || part === PARAMETER ? null : parts.with(index, PARAMETER).join('/')))
    .filter((shape) => shape !== null)
    .reverse();
}
