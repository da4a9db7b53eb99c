import { causeOf, toolAnswer, toolOutcome } from './outcome.js';

describe('what a tool answers', () => {
  it.each(['invalid_auth', 'slack: token_revoked.', 'Error (invalid_grant): x', 'Bad credentials', 'Token has been expired or revoked'])(
    'says that the credentials are dead: %s',
    (text) => expect(causeOf(text)).toBe('credentials'),
  );

  it.each(['my_invalid_auth_field', 'channel_not_found', 'not_authorised_here', 'invalid_grants', ''])('does not say so: %j', (text) =>
    expect(causeOf(text)).toBe('tool'),
  );

  it.each(['429 Too Many Requests', 'ratelimited', 'rate limit exceeded'])('names a limit of the provider: %s', (text) =>
    expect(causeOf(text)).toBe('provider-limit'),
  );

  it('is read in both spellings, and an answer that does not say whether it worked is none', () => {
    expect(toolOutcome(toolAnswer.parse({ data: { a: 1 }, error: null, successfull: true, logId: 'l' }))).toEqual({
      ok: true,
      data: { a: 1 },
      logId: 'l',
    });
    expect(toolOutcome(toolAnswer.parse({ data: { error: 'invalid_auth' }, error: null, successful: false, log_id: 'l' }))).toMatchObject({
      ok: false,
      cause: 'credentials',
    });
    expect(toolAnswer.safeParse({ data: {}, error: null }).success).toBe(false);
  });
});
