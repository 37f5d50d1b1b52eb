import { displayWidth } from '../../present/display-width.ts';

/** A part of a picture, and how much room it takes; its own corner is at 0, 0. */
export interface SvgPart {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** Text as an SVG may hold it; whatever is no character of XML is left out. */
export function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 allows no other control characters
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

export interface SvgText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Classes of the style sheet. */
  readonly look: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export function svgText({ x, y, text, look, anchor = 'start' }: SvgText): string {
  const anchored = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${round(y)}" class="${look}"${anchored}>${escaped(text)}</text>`;
}

export interface SvgBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly look: string;
  readonly radius?: number;
}

export function svgBox({ x, y, width, height, look, radius = 0 }: SvgBox): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}" class="${look}"/>`;
}

/** A part with its corner at another place. */
export function svgAt(x: number, y: number, body: string): string {
  return `<g transform="translate(${round(x)} ${round(y)})">${body}</g>`;
}

/** About how wide a text is: sans-serif letters take 0.56 of their size, Chinese characters twice that. */
export function textWidth(text: string, fontSize: number): number {
  return displayWidth(text) * fontSize * 0.56;
}

export function round(value: number): number {
  return Number(value.toFixed(1));
}
