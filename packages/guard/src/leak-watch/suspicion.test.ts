import { describe, expect, it } from 'vitest';
import type { Verdict } from '../detect/verdict.ts';
import { Suspicion, type SuspicionLevel, voteOf } from './suspicion.ts';

const LETTERS: Readonly<Record<string, Verdict>> = {
  h: 'healthy',
  w: 'warming-up',
  n: 'not-enough-evidence',
  g: 'growing',
  l: 'leaking',
};

const EVALUATION = {
  pool: 'heap',
  leakProbability: 0.5,
  bytesPerSecond: 1_000,
  bytesPerSecondInterval: [500, 1_500],
  level: 1e6,
  limit: 1e9,
  timeToLimitMs: 1e6,
} as const;

/** The level after each of these evaluations. */
function levels(evaluations: string): SuspicionLevel[] {
  const suspicion = new Suspicion();
  return [...evaluations].map((letter) => suspicion.add(LETTERS[letter] ?? 'healthy'));
}

describe('hysteresis', () => {
  it('does not take a single evaluation for the truth', () => {
    expect(levels('hhghhhghhhlhhh')).not.toContain('suspected');
  });

  it('suspects when two of three say that it grows', () => {
    expect(levels('hgg').at(-1)).toBe('suspected');
    expect(levels('hghg').at(-1)).toBe('suspected');
  });

  it('is firm when three of four say that it leaks', () => {
    expect(levels('ggll').at(-1)).toBe('suspected');
    expect(levels('ggllgl').at(-1)).toBe('leaking');
  });

  it('does not count a warm-up or thin evidence as growth', () => {
    expect(levels('wwwwnnnwww')).not.toContain('suspected');
  });

  it('forgets only after twelve quiet evaluations in a row', () => {
    expect(levels(`gg${'h'.repeat(11)}`).at(-1)).toBe('suspected');
    expect(levels(`gg${'h'.repeat(12)}`).at(-1)).toBe('none');
    expect(levels(`gg${'h'.repeat(11)}g${'h'.repeat(11)}`).at(-1)).toBe('suspected');
    expect(levels(`llll${'h'.repeat(12)}`).at(-1)).toBe('none');
  });

  it('stays firm while a leak looks like mere growth for a while', () => {
    expect(levels('llllgggggggggggggggg').at(-1)).toBe('leaking');
  });
});

describe('the vote of an evaluation', () => {
  const vote = (verdict: Verdict, growthProbability: number, level: SuspicionLevel, probability = 0.1) =>
    voteOf({ ...EVALUATION, verdict, growthProbability, probability }, level);

  it('begins a suspicion only where growth is sure, and keeps one that is there', () => {
    expect(vote('growing', 0.85, 'none')).toBe('healthy');
    expect(vote('growing', 0.92, 'none')).toBe('growing');
    expect(vote('growing', 0.85, 'suspected')).toBe('growing');
    expect(vote('leaking', 0.91, 'none')).toBe('leaking');
  });

  it('asks for a look at whatever will reach its limit', () => {
    expect(vote('warming-up', 0.95, 'none')).toBe('warming-up');
    expect(vote('warming-up', 0.95, 'none', 0.95)).toBe('growing');
    expect(vote('growing', 0.85, 'none', 0.95)).toBe('growing');
  });
});
