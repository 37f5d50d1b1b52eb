import { expect, it } from 'vitest';
import { PathShapes } from './path-shapes.ts';

it('takes the part in which many rare paths differ for a parameter', () => {
  const shapes = new PathShapes();
  const names = Array.from({ length: 100 }, (_, user) => `GET /feed/user${user}`);
  for (const name of names) shapes.seen(name);
  expect(shapes.seen('GET /feed/anna')).toBe('GET /feed/:id');
  expect(shapes.shapeOf('GET /feed/user0')).toBe('GET /feed/:id');
  expect(shapes.seen('GET /trending')).toBe('GET /trending');
  expect(shapes.seen('POST /feed/anna')).toBe('POST /feed/anna');
});

it('finds it in the middle, too', () => {
  const shapes = new PathShapes();
  for (let shop = 0; shop < 40; shop += 1) shapes.seen(`GET /shops/shop${shop}x/orders/:id`);
  expect(shapes.shapeOf('GET /shops/shop7x/orders/:id')).toBe('GET /shops/:id/orders/:id');
});

it('leaves routes that are asked for again and again as they are, however many', () => {
  const shapes = new PathShapes();
  for (let round = 0; round < 5; round += 1) {
    for (let page = 0; page < 29; page += 1) shapes.seen(`GET /pages/page${page}`);
  }
  for (let page = 29; page < 50; page += 1) shapes.seen(`GET /pages/page${page}`);
  expect(shapes.shapeOf('GET /pages/page3')).toBe('GET /pages/page3');
});

it('keeps a bounded number of names', () => {
  const shapes = new PathShapes();
  for (let index = 0; index < 5_000; index += 1)
    shapes.seen(`GET /${'x'.repeat(index % 97)}/${index}/${index * 7}`);
  expect(shapes.seen('GET /new/one/more')).toMatch(/^GET /);
});
