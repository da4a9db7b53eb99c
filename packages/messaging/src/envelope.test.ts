import { defineEvent, openEnum, userId } from '@gatehouse/contracts';
import { z } from 'zod';
import { decode } from './envelope.js';
import type { RawMessage } from './raw-message.js';

const Seen = defineEvent({
  type: 'thing.seen',
  producer: 'identity',
  data: z.object({ userId, mood: openEnum(['good', 'bad']) }),
});
const ID = '0190b0b0-0000-7000-8000-000000000001';
const NOW = Date.parse('2026-11-21T12:00:00Z');

function message(
  more: Partial<Record<string, string | undefined>> = {},
  body: unknown = { userId: 'u1', mood: 'good' },
  key = 'u1',
): RawMessage {
  const headers: Record<string, string | undefined> = {
    ce_specversion: '1.0',
    ce_id: ID,
    ce_type: 'thing.seen',
    ce_source: 'gatehouse/identity',
    ce_subject: 'u1',
    ce_time: '2026-11-20T23:59:59.999Z',
    ...more,
  };
  const kept = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Buffer.from(value)] as const]));
  return {
    partition: 3,
    offset: '17',
    key: Buffer.from(key),
    value: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: Object.fromEntries(kept),
    timestamp: String(NOW),
  };
}
const read = (raw: RawMessage) => decode('thing.seen', raw, Seen as never, NOW);

describe('reading an event', () => {
  it('takes its day from its own time, so that all copies meet in one partition of the inbox', () => {
    expect(read(message())).toMatchObject({
      eventId: ID,
      eventDay: '2026-11-20',
      failure: undefined,
      event: { id: ID, data: { userId: 'u1' } },
    });
  });

  it('drops fields and reads values that a newer producer added', () => {
    const { event } = read(message({}, { userId: 'u1', mood: 'mixed', extra: 1 }));
    expect(event?.data).toEqual({ userId: 'u1', mood: 'unknown' });
  });

  it('gives foreign ids a place of their own: the same id of two sources is two events', () => {
    const ids = ['gatehouse/identity', 'crm', 'erp', 'crm'].map((source) => read(message({ ce_source: source })).eventId);
    expect(ids[0]).toBe(ID);
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toBe(ids[3]);
    expect(read(message({ ce_id: 'order-7' })).failure).toBeUndefined();
  });

  it.each([
    ['missing_header', message({ ce_id: undefined })],
    ['missing_header', message({ ce_time: undefined })],
    ['envelope_mismatch', message({ ce_specversion: '0.3' })],
    ['envelope_mismatch', message({ ce_type: 'thing.heard' })],
    ['envelope_mismatch', message({ ce_subject: 'u2' })],
    ['envelope_mismatch', message({}, undefined, 'u2')],
    ['time_out_of_window', message({ ce_time: '2026-10-01T00:00:00Z' })],
    ['time_out_of_window', message({ ce_time: '2026-11-23T00:00:00Z' })],
    ['time_out_of_window', message({ ce_time: 'yesterday' })],
    ['bad_json', message({}, 'nonsense')],
    ['schema', message({}, { userId: 'u1', mood: 7 })],
    ['schema', message({}, { userId: 'u1,u2', mood: 'good' }, 'u1,u2')],
  ])('refuses with %s, without a word of its content', (code, raw) => {
    const { event, failure, eventDay } = read(raw);
    expect(event).toBeUndefined();
    expect(failure).toMatchObject({ code, class: 'permanent' });
    expect(failure?.reason).not.toContain('nonsense');
    expect(eventDay).toMatch(/^2026-11-2[01]$/);
  });

  it('knows a record without an id again by its place', () => {
    const nameless = message({ ce_id: undefined });
    expect(read(nameless).eventId).toBe(read(nameless).eventId);
    expect(read({ ...nameless, offset: '18' }).eventId).not.toBe(read(nameless).eventId);
  });

  it('says that nobody handles a type', () => {
    expect(decode('thing.seen', message(), undefined, NOW).failure).toMatchObject({ code: 'unknown_type' });
  });
});
