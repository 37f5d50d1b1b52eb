/** What of a form matters to a test. */
export interface FormOptions {
  readonly filename?: string;
  /** What the client says that the file is. */
  readonly type?: string;
  /** Fields before the file. */
  readonly fields?: Readonly<Record<string, string>>;
}

export const BOUNDARY = '----WebKitFormBoundaryTest0123456789';
export const FORM_TYPE = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

/** A form with one file, byte by byte as `wx.uploadFile` sends it: fields first, then the file. */
export function formWith(content: Uint8Array, options: FormOptions = {}): Buffer {
  const { filename = 'photo.jpg', type = 'image/jpeg', fields = {} } = options;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(parts.join('') + head), content, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

/** A file that begins as a JPEG does, of so many bytes. */
export function jpegOf(bytes: number): Buffer {
  const content = Buffer.alloc(bytes, '0123456789abcdef');
  content.set([0xff, 0xd8, 0xff, 0xe0]);
  return content;
}
