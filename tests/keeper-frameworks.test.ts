import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { runMaque } from '@maque/testkit/process/start-maque';
import { steadyLoad } from '@maque/testkit/process/steady-load';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

/** Small programs as their frameworks' own guides write them; none knows of the keeper. */
const PROGRAMS = {
  'http.cjs': `
    const { createServer } = require('node:http');
    createServer((request, response) => response.end('{"ok":true}')).listen(process.env.PORT);`,
  'http.mjs': `
    import { createServer } from 'node:http';
    const { ok } = await Promise.resolve({ ok: true });
    createServer((request, response) => response.end(JSON.stringify({ ok }))).listen(process.env.PORT);`,
  'http.ts': `
    import { createServer, type Server } from 'node:http';
    const server: Server = createServer((request, response) => { response.end('{"ok":true}'); });
    server.listen(Number(process.env.PORT));`,
  'express.cjs': `
    const express = require('express');
    const app = express();
    app.get('/', (request, response) => response.json({ ok: true }));
    app.listen(process.env.PORT);`,
  'koa.mjs': `
    import Koa from 'koa';
    const app = new Koa();
    app.use((context) => { context.body = { ok: true }; });
    app.listen(process.env.PORT);`,
  'fastify.mjs': `
    import Fastify from 'fastify';
    const app = Fastify();
    app.get('/', async () => ({ ok: true }));
    await app.listen({ port: Number(process.env.PORT), host: '0.0.0.0' });`,
  'nest.cjs': `
    require('reflect-metadata');
    const { Controller, Get, Module } = require('@nestjs/common');
    const { NestFactory } = require('@nestjs/core');
    class Hello { hello() { return { ok: true }; } }
    Controller()(Hello);
    Get()(Hello.prototype, 'hello', Object.getOwnPropertyDescriptor(Hello.prototype, 'hello'));
    class App {}
    Module({ controllers: [Hello] })(App);
    NestFactory.create(App, { logger: false }).then((app) => {
      app.enableShutdownHooks();
      return app.listen(process.env.PORT);
    });`,
} as const;

const MODULES = join(import.meta.dirname, '..', 'node_modules');

it.each(Object.entries(PROGRAMS))(
  'keeps %s as it is, and replaces its workers without losing a request',
  async (name, source) => {
    await using folder = await tempFolder();
    await writeFile(join(folder.path, name), source);
    await symlink(MODULES, join(folder.path, 'node_modules'));
    const port = await freePort();
    const options = { cwd: folder.path, env: { PORT: String(port) } };
    await using program = await runMaque(['run', '--memory', '700M', '--workers', '2', name], options);
    const url = `http://127.0.0.1:${port}/`;
    await waitUntil('an answer', async () => ((await (await fetch(url)).json()) as { ok: boolean }).ok);
    await program.line(/Worker w2 is ready|Memory budget/);

    const load = steadyLoad({ url, requestsPerSecond: 100, connections: 4 });
    await waitUntil('some answers', () => load.result().answered > 20);
    await using recycle = await runMaque(['recycle', '--data-dir', join(folder.path, 'data')]);
    expect(await recycle.exit(40_000)).toMatchObject({ code: 0 });
    const { failures, answered } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(50);

    program.signal('SIGTERM');
    expect(await program.exit()).toEqual({ code: 0, signal: null });
  },
);
