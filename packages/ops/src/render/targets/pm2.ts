import { appPlaces } from '../app-places.ts';
import type { RenderTarget } from '../target.ts';
import { ecosystemFile, PM2_STEPS, type Pm2App } from './pm2/ecosystem-file.ts';
import { pm2Meanings } from './pm2/pm2-meanings.ts';

/** For those who stay with PM2: its file, with limits that fit the box. */
export const pm2: RenderTarget = {
  name: 'pm2',
  summary: {
    en: 'ecosystem.config.cjs of the Node programs that PM2 keeps: instances, heap, restart limit',
    zh: 'PM2 所守护 Node 程序的 ecosystem.config.cjs：进程数、堆、内存重启阈值',
  },
  belongsTo: 'project',
  meanings: pm2Meanings,
  render(plan, options) {
    const apps = appPlaces(plan, options).flatMap((place): readonly Pm2App[] => {
      const { service } = place;
      return service.kind === 'node' && service.request.keptBy === 'pm2' ? [{ place, planned: service }] : [];
    });
    if (apps.length === 0) return [];
    const content = ecosystemFile(apps, options.language);
    return [{ target: 'pm2', path: 'ecosystem.config.cjs', content, next: PM2_STEPS }];
  },
};
