import { appPlaces } from '../app-places.ts';
import type { RenderTarget } from '../target.ts';
import { javaMeanings } from './java/java-meanings.ts';
import { launchScript } from './java/launch-script.ts';

/** A script that starts each Java program within its part of the plan. */
export const java: RenderTarget = {
  name: 'java',
  summary: {
    en: 'Launch scripts of Java programs: heap, classes, code and threads within the plan',
    zh: 'Java 程序启动脚本：堆、类、编译代码、线程都在规划之内',
  },
  belongsTo: 'server',
  meanings: javaMeanings,
  render: (plan, options) =>
    appPlaces(plan, options).flatMap((place) =>
      place.service.kind === 'java' ? [launchScript(place, place.service, options.language)] : [],
    ),
};
