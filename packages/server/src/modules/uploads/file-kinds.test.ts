import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kindOf } from './file-kinds.ts';

const text = (value: string) => Buffer.from(value, 'latin1');

it.each([
  ['a photo', text('\xff\xd8\xff\xe1\x00\x10Exif\x00\x00'), 'image/jpeg'],
  ['a screenshot', text('\x89PNG\r\n\x1a\n\x00\x00\x00\x0d'), 'image/png'],
  ['an animation', text('GIF89a\x01\x00\x01\x00\x80\x00'), 'image/gif'],
  ['an old animation', text('GIF87a\x01\x00\x01\x00\x80\x00'), 'image/gif'],
  ['a small picture', text('RIFF\x0a\x0d\x00\xffWEBP'), 'image/webp'],
  ['a video', text('\x00\x00\x00\x20ftypisom'), 'video/mp4'],
  ['a video of a phone', text('\x00\x00\x00\x1cftypmp42'), 'video/mp4'],
  ['a document', text('%PDF-1.7\n%\xe2\xe3'), 'application/pdf'],
])('knows %s by its first bytes', (_, head, type) => expect(kindOf(head)?.type).toBe(type));

it.each([
  ['a page', '<!doctype html>'],
  ['a drawing', '<svg xmlns="http'],
  ['a sound', 'RIFF\x24\x08\x00\x00WAVE'],
  ['a picture that browsers do not show', '\x00\x00\x00\x18ftypheic'],
  ['a program', '\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00'],
  ['an archive', 'PK\x03\x04\x14\x00\x08\x08\x08\x00\x00\x00'],
  ['a document that begins late', '\n%PDF-1.7\n%\xe2\xe3'],
])('does not take %s', (_, head) => expect(kindOf(text(head))).toBeUndefined());

it('takes nothing for something by chance', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~\n]{12}$/), (head) => {
      expect(kindOf(text(head))).toBeUndefined();
    }),
  );
});
