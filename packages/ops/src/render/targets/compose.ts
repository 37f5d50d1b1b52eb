import type { RenderTarget } from '../target.ts';
import { composeFile } from './compose/compose-file.ts';
import { composeMeanings } from './compose/compose-meanings.ts';
import { containerPlaces } from './compose/container-places.ts';
import { settingsFiles } from './compose/settings-files.ts';

/** The whole plan as containers of one box. */
export const compose: RenderTarget = {
  name: 'compose',
  summary: {
    en: 'docker-compose.yml of the whole plan: limits, health, least privilege, only the proxy reachable',
    zh: '整份规划的 docker-compose.yml：资源上限、健康检查、最小权限，仅代理对外',
  },
  belongsTo: 'project',
  meanings: composeMeanings,
  render(plan, options) {
    const places = containerPlaces(plan, options);
    const { proxy, apps, databases, redises } = places;
    if (proxy === undefined && apps.length + databases.length + redises.length === 0) return [];
    return [composeFile(places, plan, options), ...settingsFiles(places, plan, options)];
  },
};
