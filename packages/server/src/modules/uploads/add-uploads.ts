import type { Guard } from '@maque/guard';
import { HOUR, MINUTE, type Milliseconds } from '@maque/kit';
import type { Secrets } from '../../config/secrets.ts';
import type { ServerSettings } from '../../config/settings-table.ts';
import type { Foundation } from '../../foundation.ts';
import type { HttpServer } from '../../http/http-server.ts';
import { FileReaders } from './file-readers.ts';
import { handleRemovals } from './file-removal.ts';
import { registerFileRoutes } from './file-routes.ts';
import { registerLinkRoutes } from './link-routes.ts';
import { LinkService } from './link-service.ts';
import { OrphanSweep } from './orphan-sweep.ts';
import { Thumbnails } from './thumbnails.ts';
import { registerTicketRoutes } from './ticket-routes.ts';
import { TicketService } from './ticket-service.ts';
import { UploadLinks } from './upload-link.ts';
import { registerUploadRoutes } from './upload-routes.ts';
import { UploadService } from './upload-service.ts';

/** Tickets hold their owner's room for half an hour; what was sent on them and not confirmed goes soon after. */
const TICKET_SWEEP_MS: Milliseconds = 5 * MINUTE;

/** They wait for a day anyway. All texts of the app are read for it, where there is an upload that no field names. */
const ORPHAN_SWEEP_MS: Milliseconds = 12 * HOUR;

/** What all of it stands on. */
export type UploadParts = Pick<
  Foundation,
  'database' | 'records' | 'files' | 'pictures' | 'jobs' | 'optional' | 'clock'
> & {
  readonly settings: Pick<ServerSettings, 'uploadLimit' | 'uploadCount' | 'uploadQuota' | 'thumbnails'>;
  readonly secrets: Pick<Secrets, 'tokenKey'>;
  readonly guard: Pick<Guard, 'pressure'>;
};

/** Everything about files: their routes, and the work that is done on them by itself. */
export function addUploads(
  { routes, bodies }: Pick<HttpServer, 'routes' | 'bodies'>,
  parts: UploadParts,
): void {
  const { database, records, files, settings, secrets, clock, jobs } = parts;
  const maxBytes = settings.uploadLimit;
  const quota = { files: settings.uploadCount, bytes: settings.uploadQuota };
  const options = { database, files, jobs, maxBytes, quota, clock };
  const uploads = new UploadService(options);
  const tickets = new TicketService(options);
  const links = new UploadLinks(secrets.tokenKey, clock);
  const readers = new FileReaders(records);

  handleRemovals(jobs, options);
  registerUploadRoutes(routes, { uploads, maxBytes });
  registerFileRoutes(routes, {
    ...{ uploads, files, links, bodies, clock },
    thumbnails: thumbnailsOf(parts),
  });
  registerLinkRoutes(routes, { links: new LinkService({ database, readers, links }) });
  registerTicketRoutes(routes, { tickets });
  const orphans = new OrphanSweep({ database, files, jobs, clock, models: records.models });
  jobs.every('uploads.orphans', ORPHAN_SWEEP_MS, async (signal) => {
    await orphans.removeUnnamed(signal);
    await orphans.removeStray(signal);
  });
  if (files.direct !== undefined) {
    jobs.every('uploads.sweep', TICKET_SWEEP_MS, (signal) => tickets.sweep(signal));
  }
}

function thumbnailsOf({
  settings,
  files,
  pictures,
  optional,
  guard,
  clock,
}: UploadParts): Thumbnails | undefined {
  if (!settings.thumbnails) return undefined;
  // The helper takes memory from the same box.
  const allowed = () => optional.allowed('thumbnail') && guard.pressure().level === 'none';
  return new Thumbnails({ files, pictures, optional: { allowed }, clock });
}
