import type { Rate } from './scenario.ts';

export function steady(perSecond: number): Rate;
export function tide(
  perSecond: number,
  shape: { readonly swing: number; readonly periodSeconds: number; readonly phase?: number },
): Rate;
export function bursts(
  perSecond: number,
  shape: { readonly times: number; readonly everySeconds: number; readonly forSeconds: number },
): Rate;
export function ramp(
  perSecond: number,
  shape: { readonly times: number; readonly overSeconds: number },
): Rate;
export function since(startSecond: number, rate: Rate): Rate;
