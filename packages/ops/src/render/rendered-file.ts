/** A file that was worked out from a plan, and where it belongs on a server. */
export interface RenderedFile {
  /** The target that made it, such as `nginx`. */
  readonly target: string;
  /** Where it goes on a server; absolute. For files of a project (Dockerfile, compose), relative to the project. */
  readonly path: string;
  readonly content: string;
  /** Permission bits; 0o644 unless told. */
  readonly mode?: number;
  /** What makes it count once it is in place, such as `systemctl daemon-reload`. */
  readonly apply?: readonly [command: string, ...args: string[]];
  /** What a person does afterwards, such as `systemctl enable --now shop.service`. */
  readonly next?: readonly string[];
}
