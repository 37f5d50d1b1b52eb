import type { Upload } from '@maque/contract';
import { KiB, systemClock } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpegOf } from '../../../testing/multipart.ts';
import { pngOf } from '../../../testing/pictures.ts';
import { type ServedFiles, serveFiles } from '../../../testing/serve-files.ts';
import { collection, defineApp, field, route } from '../../define/index.ts';

const PDF = Buffer.from('%PDF-1.7 and the rest of it');
const places = collection({
  fields: {
    name: field.text({ maxLength: 20 }),
    photo: field.file({ accept: ['image/*'], maxBytes: 4 * KiB }).optional(),
    papers: field.files({ accept: ['application/pdf', 'image/png'], maxItems: 3 }).default([]),
    anything: field.file().optional(),
  },
  rules: { list: 'public', read: 'public', create: 'user', update: 'user', delete: 'user' },
});

const complaints = collection({
  fields: { photo: field.file().optional() },
  rules: { create: 'public' },
});

const photo = field.file({ accept: ['image/*'], maxBytes: 4 * KiB });
const reports = route.post(
  '/reports',
  {
    auth: 'optional',
    body: {
      photo: photo.optional(),
      papers: field.files({ accept: ['application/pdf'], maxItems: 3 }).default([]),
      stops: field.list(field.object({ photo: photo.optional() }), { maxItems: 3 }).default([]),
    },
  },
  ({ body }) => ({ got: [body.photo, ...body.papers, ...body.stops.map((stop) => stop.photo)] }),
);

const opened = new AsyncDisposableStack();
let served: ServedFiles;
let annsPhoto: Upload;
let bobsPhoto: Upload;
beforeAll(async () => {
  const { path: folder } = opened.use(await tempFolder());
  served = await serveFiles(defineApp({ collections: { places, complaints }, routes: [reports] }), {
    folder,
    clock: systemClock,
  });
  opened.defer(() => served.close());
  annsPhoto = await served.upload('user:ann', jpegOf(2 * KiB));
  bobsPhoto = await served.upload('user:bob', jpegOf(2 * KiB));
});
afterAll(() => opened.disposeAsync());

const create = (as: string, record: object) =>
  served.call('/api/places', { as, body: { name: 'a', ...record } });
const change = (as: string, id: string, changes: object) =>
  served.call(`/api/places/${id}`, { method: 'PATCH', as, body: changes });
const faults = async (answer: ReturnType<typeof create>) => {
  const { status, json } = await answer;
  return [
    status,
    json.error.details.map(({ path, issue }: { path: string; issue: string }) => `${path} ${issue}`),
  ];
};

describe('a record', () => {
  it('has files of whoever writes it, in their order', async () => {
    const papers = [await served.upload('user:ann', PDF), await served.upload('user:ann', pngOf(9, 9))];
    const ids = papers.map(({ id }) => id);
    const { status, json } = await create('user:ann', { photo: annsPhoto.id, papers: ids });
    expect([status, json]).toMatchObject([201, { photo: annsPhoto.id, papers: ids }]);
    const turned = await change('user:ann', json.id, { papers: ids.toReversed() });
    expect(turned.json.papers).toEqual(ids.toReversed());
  });

  it('has files of whoever writes it where anybody may', async () => {
    const complain = (as?: string) =>
      served.call('/api/complaints', { body: { photo: annsPhoto.id }, ...(as && { as }) });
    expect((await complain('user:ann')).status).toBe(201);
    expect([(await complain('user:bob')).status, (await complain()).status]).toEqual([400, 400]);
  });

  it('has no files of others, and nobody hears whether there are such', async () => {
    const refused = [400, ['photo is not a file of yours']];
    expect(await faults(create('user:ann', { photo: bobsPhoto.id }))).toEqual(refused);
    expect(await faults(create('user:ann', { photo: '0'.repeat(32) }))).toEqual(refused);
    const { json } = await create('user:ann', {});
    expect(await faults(change('user:ann', json.id, { photo: bobsPhoto.id }))).toEqual(refused);
    expect(await faults(change('user:ann', json.id, { papers: [bobsPhoto.id] }))).toEqual([
      400,
      ['papers.0 is not a file of yours'],
    ]);
  });

  it('has any file where staff says so, which then may stay whoever changes the record', async () => {
    const { status, json } = await create('admin:root', { photo: bobsPhoto.id, anything: annsPhoto.id });
    expect(status).toBe(201);
    const kept = await change('user:ann', json.id, { name: 'b', photo: bobsPhoto.id });
    expect([kept.status, kept.json.photo]).toEqual([200, bobsPhoto.id]);
    expect((await change('user:ann', json.id, { photo: null })).status).toBe(200);
    expect((await change('user:ann', json.id, { photo: bobsPhoto.id })).status).toBe(400);
  });

  it('has only files of the kinds and sizes that its fields take', async () => {
    const pdf = await served.upload('user:ann', PDF);
    const large = await served.upload('user:ann', jpegOf(5 * KiB));
    const png = await served.upload('user:ann', pngOf(9, 9));
    const record = { photo: pdf.id, papers: [png.id, annsPhoto.id, pdf.id], anything: pdf.id };
    expect(await faults(create('user:ann', record))).toEqual([
      400,
      [
        'photo must be one of image/*, and this is application/pdf',
        'papers.1 must be one of application/pdf, image/png, and this is image/jpeg',
      ],
    ]);
    expect(await faults(create('admin:root', { photo: large.id }))).toEqual([
      400,
      ['photo must not be larger than 4 KiB'],
    ]);
  });

  it('lets its files go with it', async () => {
    const mine = await served.upload('user:ann', PDF);
    const { json } = await create('user:ann', { papers: [mine.id], anything: mine.id });
    const remove = () => served.call(mine.url, { method: 'DELETE', as: 'user:ann' });
    expect((await remove()).status).toBe(409);
    expect((await served.call(`/api/places/${json.id}`, { method: 'DELETE', as: 'user:ann' })).status).toBe(
      204,
    );
    expect((await remove()).status).toBe(204);
  });

  it('cannot come to have a file that is deleted at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id, url } = await served.upload('user:ann', PDF);
      const [made, deleted] = await Promise.all([
        create('user:ann', { anything: id }),
        served.call(url, { method: 'DELETE', as: 'user:ann' }),
      ]);
      expect([made.status, deleted.status].sort()).toEqual(made.status === 201 ? [201, 409] : [204, 400]);
    }
  });
});

it('a route takes files as a record does, wherever in its body', async () => {
  const pdf = await served.upload('user:ann', PDF);
  const large = await served.upload('user:ann', jpegOf(5 * KiB));
  const report = (as: string | undefined, body: object) =>
    served.call('/api/reports', { body, ...(as === undefined ? {} : { as }) });
  const good = { photo: annsPhoto.id, papers: [pdf.id], stops: [{}, { photo: annsPhoto.id }] };
  expect((await report('user:ann', good)).json.got).toEqual([annsPhoto.id, pdf.id, null, annsPhoto.id]);
  expect((await report('admin:root', good)).status).toBe(200);
  expect((await report(undefined, {})).status).toBe(200);
  const refused = [
    'photo is not a file of yours',
    'papers.0 is not a file of yours',
    'stops.1.photo is not a file of yours',
  ];
  for (const as of ['user:bob', undefined]) expect(await faults(report(as, good))).toEqual([400, refused]);
  const bad = { photo: pdf.id, papers: [annsPhoto.id], stops: [{ photo: large.id }] };
  expect(await faults(report('user:ann', bad))).toEqual([
    400,
    [
      'photo must be one of image/*, and this is application/pdf',
      'papers.0 must be one of application/pdf, and this is image/jpeg',
      'stops.0.photo must not be larger than 4 KiB',
    ],
  ]);
});
