import fastify from 'fastify';
import { steady } from '../rates.js';

const zones = Intl.supportedValuesOf('timeZone');
const languages = ['en', 'zh-CN', 'de', 'fr', 'ja', 'ar'];

export const scenario = {
  about:
    'A formatter for each time zone and language, made when first needed: ICU’s memory grows until all of them are there.',
  minutes: 3.4,
  leak: null,
  arrivals: [
    {
      route: 'GET /clock/:zone',
      rate: steady(30),
      path: (_n, random) =>
        `/clock/${Math.floor(zones.length * random() ** 2)}?language=${Math.floor(languages.length * random() ** 2)}`,
    },
    { route: 'GET /zones', rate: steady(10) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const formatters = new Map();
    const app = fastify();
    app.get('/clock/:zone', async (request) => {
      const key = `${request.params.zone}/${request.query.language}`;
      const made =
        formatters.get(key) ??
        new Intl.DateTimeFormat(languages[request.query.language], {
          timeZone: zones[request.params.zone],
          dateStyle: 'full',
          timeStyle: 'long',
        });
      formatters.set(key, made);
      return made.format(new Date());
    });
    app.get('/zones', async () => zones);
    app.get('/health', async () => 'ok');
    await app.ready();
    return app.server;
  },
};
