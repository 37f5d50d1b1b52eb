import { errors } from '@maque/contract';

/** A kind of file that is taken and served. */
export interface FileKind {
  /** What it is served as. */
  readonly type: string;
  readonly extension: string;
  /** Whether it is told by its first bytes. */
  readonly isIn: (head: Buffer) => boolean;
}

/** How many first bytes tell every kind: RIFF, the length and WEBP are twelve. */
export const HEAD_BYTES = 12;

const ISO_BRANDS = /^(isom|iso[2-9]|mp4[12]|avc1|MSNV|M4V )$/;

/**
 * What a mini-program's own pickers give: `wx.chooseMedia` pictures and videos, `wx.chooseMessageFile` documents.
 * Nothing that a browser would run is among them, such as HTML and SVG.
 */
export const FILE_KINDS: readonly FileKind[] = [
  { type: 'image/jpeg', extension: 'jpg', isIn: startsWith('ffd8ff') },
  { type: 'image/png', extension: 'png', isIn: startsWith('89504e470d0a1a0a') },
  { type: 'image/gif', extension: 'gif', isIn: (head) => /^GIF8[79]a/.test(head.toString('latin1')) },
  {
    type: 'image/webp',
    extension: 'webp',
    isIn: (head) => /^RIFF[\s\S]{4}WEBP/.test(head.toString('latin1')),
  },
  {
    type: 'video/mp4',
    extension: 'mp4',
    // ISO/IEC 14496-12 §4.3: a box `ftyp` comes first and names the brand. Others are HEIC pictures and audio.
    isIn: (head) =>
      head.toString('latin1', 4, 8) === 'ftyp' && ISO_BRANDS.test(head.toString('latin1', 8, 12)),
  },
  { type: 'application/pdf', extension: 'pdf', isIn: startsWith(Buffer.from('%PDF-').toString('hex')) },
];

/** The kind that the first bytes of a file tell; undefined for all that is not taken. */
export function kindOf(head: Buffer): FileKind | undefined {
  return FILE_KINDS.find(({ isIn }) => isIn(head));
}

/** The kind that somebody says that a file is: by its type, or else by the ending of its name. */
export function kindSaid(contentType: string | undefined, name: string | undefined): FileKind | undefined {
  const ending = /\.([a-z0-9]{1,8})$/i
    .exec(name ?? '')?.[1]
    ?.toLowerCase()
    .replace('jpeg', 'jpg');
  return FILE_KINDS.find(({ type, extension }) =>
    contentType === undefined ? extension === ending : type === contentType,
  );
}

/** @throws CodedError FILE_KIND_UNSUPPORTED, always. */
export function refuseKind(): never {
  const kinds = FILE_KINDS.map(({ extension }) => extension).join(', ');
  throw errors.FILE_KIND_UNSUPPORTED({ data: { kinds } });
}

function startsWith(hex: string): FileKind['isIn'] {
  const magic = Buffer.from(hex, 'hex');
  return (head) => head.subarray(0, magic.length).equals(magic);
}
