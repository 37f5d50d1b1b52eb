import { type ApiHandler, Picture } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { drawCode, type Rgb } from './draw-code.ts';

const RELEASES: ReadonlySet<unknown> = new Set(['release', 'trial', 'develop']);
const BLACK: Rgb = { r: 0, g: 0, b: 0 };

/** `POST /wxa/getwxacodeunlimit`: a picture, or JSON when it is refused. */
export const handleQrCode: ApiHandler = ({ body }, { pages }) => {
  const {
    scene,
    page = '',
    check_path: checkPage = true,
    env_version: release = 'release',
    width = 430,
  } = body;
  const { auto_color: autoColor = false, is_hyaline: transparent = false, line_color: color = BLACK } = body;
  if (body.scancode_time !== undefined) throw new Refusal(85096);
  if (typeof scene !== 'string' || scene.length < 1 || scene.length > 32) throw new Refusal(40169);
  if (!/^[\w!#$&'()*+,/:;=?@.~-]+$/.test(scene)) throw new Refusal(40129);
  if (typeof page !== 'string' || page.startsWith('/') || page.includes('?')) throw new Refusal(41030);
  if (page !== '' && checkPage !== false && !pages.has(page)) throw new Refusal(41030);
  if (!RELEASES.has(release) || !isWidth(width) || !isRgb(color)) throw new Refusal(40097);
  if (typeof autoColor !== 'boolean' || typeof transparent !== 'boolean') throw new Refusal(40097);
  return new Picture('image/png', drawCode({ text: `${page}?${scene}`, width, color, transparent }));
};

function isWidth(width: unknown): width is number {
  return Number.isSafeInteger(width) && Number(width) >= 280 && Number(width) <= 1_280;
}

/** WeChat's examples write the shares of colour as text, too. */
function isRgb(color: unknown): color is Rgb {
  if (typeof color !== 'object' || color === null) return false;
  const { r, g, b } = color as Readonly<Record<string, unknown>>;
  return [r, g, b].every((share) => /^\d{1,3}$/.test(String(share)) && Number(share) <= 255);
}
