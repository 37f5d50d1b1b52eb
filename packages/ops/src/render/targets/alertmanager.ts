import type { RenderedFile } from '../rendered-file.ts';
import type { RenderTarget } from '../target.ts';
import { alertmanagerConfig } from './alertmanager/alertmanager-config.ts';
import { meanings } from './alertmanager/alertmanager-meanings.ts';
import { alertmanagerUnit } from './alertmanager/alertmanager-unit.ts';
import { fillScript, SECRET_NAMES, SECRETS_FILE } from './alertmanager/wecom-secrets.ts';
import { isWatched, watchedIn, watcherIn } from './prometheus/watched.ts';

/** Who is told of what Prometheus finds, when, and what not. */
export const alertmanager: RenderTarget = {
  name: 'alertmanager',
  summary: {
    en: 'Alertmanager: messages to WeCom, grouping, quiet hours, and silence on what follows from a known cause',
    zh: 'Alertmanager：发到企业微信，合并、免打扰时段，已知原因时不再通知其后果',
  },
  belongsTo: 'server',
  meanings,
  render(plan, options) {
    if (!isWatched(watchedIn(plan, options))) return [];
    const { language } = options;
    const planned = watcherIn(plan, 'alertmanager');
    // Files for another machine are not written on this one.
    const below = (path: string) => (planned === undefined ? `alertmanager/${path.split('/').at(-1)}` : path);
    const template = below('/etc/prometheus/alertmanager.template.yml');
    const script = below('/usr/local/lib/maque/fill-alertmanager.sh');
    const files: readonly RenderedFile[] = [
      { target: 'alertmanager', path: template, content: alertmanagerConfig(language) },
      { target: 'alertmanager', path: script, content: fillScript(language), mode: 0o755 },
    ];
    if (planned === undefined) return files;
    const unit = alertmanagerUnit(planned, { script, template }, options);
    return [...files, { ...unit, next: [howToTell(), ...(unit.next ?? [])] }];
  },
};

/** The names, never the values. */
function howToTell(): string {
  return `install -m 600 /dev/null ${SECRETS_FILE} && nano ${SECRETS_FILE}  # ${SECRET_NAMES.join(', ')}`;
}
