import { problemsOf } from './option-problems.ts';
import { renderErrors } from './render-errors.ts';
import type { RenderOptions } from './target.ts';

/** Reserved for examples (RFC 2606): nothing that has it in it belongs on a server. */
export const EXAMPLE_DOMAIN = 'api.example.com';

/**
 * What was told, completed by what is usual. All names and paths are plain: none of them can end a line, a word or a
 * quotation in any of the files.
 * @throws CodedError RENDER_OPTIONS_INVALID with every problem
 */
export function renderOptions(told: Partial<RenderOptions> = {}): RenderOptions {
  const app = told.app ?? 'shop';
  const domain = told.domain ?? EXAMPLE_DOMAIN;
  const port = told.port ?? 8080;
  const options: RenderOptions = {
    language: told.language ?? 'en',
    app,
    // Of its own, so that what one app may read no other program may.
    user: told.user ?? app,
    appDir: told.appDir ?? `/srv/${app}`,
    dataDir: told.dataDir ?? `/var/lib/${app}`,
    node: told.node ?? '/usr/bin/node',
    maque: told.maque ?? '/opt/maque/bin/maque.js',
    domain,
    certificate: told.certificate ?? `/etc/letsencrypt/live/${domain}/fullchain.pem`,
    certificateKey: told.certificateKey ?? `/etc/letsencrypt/live/${domain}/privkey.pem`,
    port,
    metricsPort: told.metricsPort ?? port + 1,
    database: told.database ?? app.replaceAll('-', '_'),
    environments: told.environments ?? [],
    image: told.image ?? `${app}:latest`,
  };
  const problems = problemsOf(options);
  if (problems.length === 0) return options;
  // A bad name also spoils what is made from it.
  const own = problems.filter(({ path }) => path !== undefined && path in told);
  throw renderErrors.RENDER_OPTIONS_INVALID({ details: own.length > 0 ? own : problems });
}
