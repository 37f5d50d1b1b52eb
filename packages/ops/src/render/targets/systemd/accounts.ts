import { writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';

/** The user of the apps, without a shell, a password or a home that could be written to. */
export function accounts({ app, user, appDir, language }: RenderOptions): RenderedFile {
  const path = `/etc/sysusers.d/maque-${app}.conf`;
  return {
    target: 'systemd',
    path,
    content: writeConfig([headOf('systemd', language), `u ${user} - "Apps of ${app}" ${appDir}`], language),
    apply: ['systemd-sysusers', path],
  };
}
