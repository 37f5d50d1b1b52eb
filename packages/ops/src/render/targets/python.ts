import { appPlaces } from '../app-places.ts';
import type { RenderTarget } from '../target.ts';
import { gunicornFiles } from './python/gunicorn-config.ts';
import { pythonMeanings } from './python/python-meanings.ts';
import { uvicornScript } from './python/uvicorn-script.ts';

/** How each Python program is served within its part of the plan. */
export const python: RenderTarget = {
  name: 'python',
  summary: {
    en: 'Launch scripts of Python programs, and gunicorn.conf.py: workers, replacement, limits',
    zh: 'Python 程序启动脚本与 gunicorn.conf.py：进程数、定期替换、并发上限',
  },
  belongsTo: 'server',
  meanings: pythonMeanings,
  render: (plan, options) =>
    appPlaces(plan, options).flatMap((place) => {
      const { service } = place;
      if (service.kind !== 'python') return [];
      const isGunicorn = service.request.server === 'gunicorn';
      if (isGunicorn) return gunicornFiles(place, service, options.language);
      return [uvicornScript(place, service, options.language)];
    }),
};
