import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullStall, meminfoField, soleNumber, statField } from './proc-text.ts';

describe('texts of the kernel', () => {
  it('reads a field of memory.stat by its whole name', () => {
    const text = 'total_inactive_file 7\ninactive_file 3\nanon 12\n';
    expect(statField(text, 'total_inactive_file')).toBe(7);
    expect(statField(text, 'inactive_file')).toBe(3);
    expect(statField(text, 'anon')).toBe(12);
    expect(statField(text, 'file')).toBeNull();
  });

  it('reads meminfo in bytes', () => {
    expect(meminfoField('MemTotal:       24684092 kB\nMemAvailable:   24339332 kB\n', 'MemAvailable')).toBe(
      24339332 * 1024,
    );
    expect(meminfoField('MemTotal: 1 kB\n', 'MemAvailable')).toBeNull();
  });

  it('reads pressure as a share, and knows none where the kernel says none', () => {
    expect(fullStall('some avg10=40.00 avg60=1\nfull avg10=12.34 avg60=1\n')).toBeCloseTo(0.1234);
    expect(fullStall('some avg10=0.00 avg60=0.00\n')).toBeNull();
  });

  it('takes `max` for no number', () => {
    expect(soleNumber('max\n')).toBeNull();
    expect(soleNumber('1048576\n')).toBe(1048576);
    expect(soleNumber(null)).toBeNull();
  });

  it('answers a finite number or null to whatever text', () => {
    const answer = fc.constantFrom(statField, meminfoField);
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), answer, (text, name, read) => {
        const value = read(text, name);
        expect(value === null || Number.isFinite(value)).toBe(true);
      }),
    );
  });
});
