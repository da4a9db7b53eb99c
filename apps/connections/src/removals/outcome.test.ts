import { outcomeOf } from './outcome.js';

describe('what is said of a removal', () => {
  it.each([
    ['revoked', 'deleted', 'revoked'],
    ['revoked', 'already-gone', 'revoked'],
    ['already-revoked', 'deleted', 'revoked'],
    ['already-revoked', 'already-gone', 'revoked'],
    ['not-supported', 'deleted', 'not_supported'],
    ['not-supported', 'already-gone', 'not_supported'],
    ['queued', 'deleted', 'not_active'], // Composio tries in the background, and nothing tells how it ended
    ['queued', 'already-gone', 'already_gone'],
    ['failed', 'deleted', 'needs_attention'],
    ['failed', 'already-gone', 'already_gone'],
    ['not-asked', 'deleted', 'not_active'],
    ['not-asked', 'already-gone', 'already_gone'],
  ] as const)('revoke %s, delete %s: %s', (revoke, remove, said) => {
    expect(outcomeOf({ revoke, remove })).toBe(said);
  });
});
