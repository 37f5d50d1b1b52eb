import type { Language, Text } from '@maque/kit';
import type { BoxPlan } from '../plan/box/box-plan.ts';
import type { MeaningTable } from './meaning.ts';
import type { RenderedFile } from './rendered-file.ts';

/** What a rendered file needs to know besides the plan. */
export interface RenderOptions {
  /** Of the comments in the files. */
  readonly language: Language;
  /** What it is called on the server: units, folders and containers carry the name. */
  readonly app: string;
  /** The user that the app runs as; never root. */
  readonly user: string;
  /** Where the app lies on the server, such as `/srv/shop`. */
  readonly appDir: string;
  /** Where its data lies, such as `/var/lib/shop`. */
  readonly dataDir: string;
  /** The Node executable on the server. */
  readonly node: string;
  /** The `maque.js` that this Node runs, such as `/opt/maque/bin/maque.js`. */
  readonly maque: string;
  /** The public name of the server; also decides where its certificate lies. */
  readonly domain: string;
  readonly certificate: string;
  readonly certificateKey: string;
  /** Port of the app, on the loopback interface. */
  readonly port: number;
  /** Port of the keeper's metrics, on the loopback interface. */
  readonly metricsPort: number;
  /** The app's own in MariaDB or MySQL. */
  readonly database: string;
  /** Environments besides prod that run on the same box, each with its own unit: `staging`. */
  readonly environments: readonly string[];
  /** The container image that compose and Kubernetes run. */
  readonly image: string;
}

/** One kind of file. One source file each; all of them stand in `target-list.ts`. */
export interface RenderTarget {
  readonly name: string;
  readonly summary: Text;
  /** Whether `--apply` writes it on this server; the others go into a project or to another machine. */
  readonly belongsTo: 'server' | 'project' | 'elsewhere';
  /** Every number in its files is one of these. */
  readonly meanings: MeaningTable;
  /** None where the plan has nothing for it. Pure. */
  render(plan: BoxPlan, options: RenderOptions): readonly RenderedFile[];
}
