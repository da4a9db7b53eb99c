import { allowedBreaks } from './blast-radius.js';

const radius = { connections: 20, share: 0.05 };

describe('how many connections may break within an hour', () => {
  it('is 5 % of the active ones', () => {
    expect(allowedBreaks(1000, radius)).toBe(50);
  });
  it('is never less than 20, so that a small app is not held for nothing', () => {
    expect(allowedBreaks(0, radius)).toBe(20);
    expect(allowedBreaks(100, radius)).toBe(20);
  });
});
