import { z } from 'zod';
import { ConnectionExpired } from './connection.events.js';
import { defineEvent, openEnum } from './event.js';
import { userId } from './ids.js';
import { consumers, deadLetterServices, events, topics } from './registry.js';

const Probed = defineEvent({
  type: 'probe.made',
  producer: 'upstream',
  data: z.object({
    userId,
    colour: openEnum(['red', 'blue']),
    parts: z
      .array(z.object({ size: openEnum(['big']) }))
      .max(2)
      .optional(),
  }),
});
const good = { userId: 'usr_1', colour: 'red' };

describe('a contract', () => {
  it('holds its producer to the fields it names', () => {
    expect(Probed.strict.safeParse(good).success).toBe(true);
    expect(Probed.strict.safeParse({ ...good, extra: 1 }).success).toBe(false);
  });
  it('lets a consumer read what a newer producer sends: unknown fields are dropped, unseen enum values are "unknown"', () => {
    expect(Probed.tolerant.parse({ ...good, extra: 1, colour: 'green', parts: [{ size: 'small', more: 1 }] })).toEqual({
      userId: 'usr_1',
      colour: 'unknown',
      parts: [{ size: 'unknown' }],
    });
  });
  it('still refuses what is broken', () => {
    expect(Probed.tolerant.safeParse({ ...good, colour: 3 }).success).toBe(false);
    expect(Probed.tolerant.safeParse({ colour: 'red' }).success).toBe(false);
    expect(Probed.tolerant.safeParse({ ...good, parts: [{ size: 'big' }, { size: 'big' }, { size: 'big' }] }).success).toBe(false);
    expect(ConnectionExpired.tolerant.safeParse({}).success).toBe(false);
  });
});

describe('a user id', () => {
  it.each(['', 'default', 'DEFAULT', 'a,b', 'a b', 'ä', 'x'.repeat(201), 'tab\t'])('is not %j', (id) =>
    expect(userId.safeParse(id).success).toBe(false),
  );
  it.each(['u', 'usr_1', 'auth0|5f7c', 'x'.repeat(200), 'default1'])('may be %j', (id) => expect(userId.safeParse(id).success).toBe(true));
});

describe('the registry', () => {
  it('names each event once, and every event that is consumed', () => {
    const types = events.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const list of Object.values(consumers)) for (const { type } of list) expect(types).toContain(type);
  });
  it('has a topic for each event and for the dead letters of each consumer that keeps any', () => {
    expect(topics).toHaveLength(events.length + deadLetterServices.length);
  });
  it('keys every event by its user', () => {
    for (const { data } of events) expect(Object.keys(data.shape)).toContain('userId');
  });
});
