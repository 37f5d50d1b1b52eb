/** Sees to it that the newest change is what runs: one that comes while a worker starts asks for another start. */
export class Reloader {
  readonly #reload: (changedPath: string) => boolean;
  #isStarting = false;
  #missed: string | undefined;

  /** @param reload begins a replacement; false when there is nothing to replace just now. */
  constructor(reload: (changedPath: string) => boolean) {
    this.#reload = reload;
  }

  changed(path: string): void {
    if (this.#isStarting || !this.#reload(path)) this.#missed = path;
    else this.#isStarting = true;
  }

  /** A worker has read the code and started, or failed to. */
  started(): void {
    const path = this.#missed;
    this.#missed = undefined;
    this.#isStarting = false;
    if (path !== undefined) this.changed(path);
  }
}
