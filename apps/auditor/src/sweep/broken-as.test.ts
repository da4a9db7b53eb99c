import { brokenAs } from './broken-as.js';

describe('how an account that was active is broken', () => {
  it.each([
    ['EXPIRED', false, 'EXPIRED'],
    ['FAILED', false, 'FAILED'],
    ['REVOKED', false, 'REVOKED'],
    ['INACTIVE', false, 'INACTIVE'],
    ['ACTIVE', false, null],
    ['ACTIVE', true, 'INACTIVE'],
    ['INITIATED', false, null],
    ['INITIALIZING', false, null],
    ['UNKNOWN', false, null],
  ] as const)('%s, disabled %s → %s', (status, disabled, expected) => {
    expect(brokenAs({ status, disabled })).toBe(expected);
  });
});
