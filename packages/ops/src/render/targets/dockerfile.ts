import { appPlaces } from '../app-places.ts';
import { writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import type { RenderTarget } from '../target.ts';
import { buildStage, cloudNotes, runStage } from './dockerfile/docker-lines.ts';
import { dockerfileMeanings } from './dockerfile/dockerfile-meanings.ts';

/** Nothing of these belongs into an image: secrets, data, what the build makes anew, what git keeps. */
const IGNORED = [
  '.git',
  '.env*',
  '.npmrc',
  'secrets',
  'data',
  'data-*',
  '*.db*',
  '*.pem',
  '*.log',
  'node_modules',
  'dist',
  'coverage',
  'docker',
  'docker-compose*.yml',
  'kubernetes',
  'Dockerfile',
  '.dockerignore',
] as const;

/** An image of the main program, where it runs on Node: small, without root, for CloudBase Run as well. */
export const dockerfile: RenderTarget = {
  name: 'dockerfile',
  summary: {
    en: 'Dockerfile of the app: small, without root, with health check; fits CloudBase Run',
    zh: '应用的 Dockerfile：精简、非 root、带健康检查，可用于 CloudBase Run',
  },
  belongsTo: 'project',
  meanings: dockerfileMeanings,
  render(plan, options) {
    const main = appPlaces(plan, options).find(({ isMain }) => isMain);
    if (main === undefined || (main.service.kind !== 'maque' && main.service.kind !== 'node')) return [];
    const { language } = options;
    const head = headOf('dockerfile', language);
    const content = writeConfig(
      [head, ...cloudNotes(main), null, ...buildStage(), null, ...runStage(main)],
      language,
    );
    return [
      { target: 'dockerfile', path: 'Dockerfile', content },
      { target: 'dockerfile', path: '.dockerignore', content: `${[head, ...IGNORED].join('\n')}\n` },
    ];
  },
};
