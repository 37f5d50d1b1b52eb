import { appPlaces } from '../app-places.ts';
import type { RenderTarget } from '../target.ts';
import { gunicornConfig } from './python/gunicorn-config.ts';
import { pythonMeanings } from './python/python-meanings.ts';
import { uvicornScript } from './python/uvicorn-script.ts';

/** How each Python program is served within its part of the plan. */
export const python: RenderTarget = {
  name: 'python',
  summary: {
    en: 'gunicorn.conf.py, or a launch script of uvicorn: workers, replacement, limits',
    zh: 'gunicorn.conf.py 或 uvicorn 启动脚本:进程数、定期替换、并发上限',
  },
  belongsTo: 'server',
  meanings: pythonMeanings,
  render: (plan, options) =>
    appPlaces(plan, options).flatMap((place) => {
      const { service } = place;
      if (service.kind !== 'python') return [];
      const isGunicorn = service.request.server === 'gunicorn';
      return [(isGunicorn ? gunicornConfig : uvicornScript)(place, service, options.language)];
    }),
};
