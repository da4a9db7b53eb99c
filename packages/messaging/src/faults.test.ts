import { defineEvent, events, openEnum, userId } from '@gatehouse/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { faultsOf } from './faults.js';

const CANARY = 'canary-7c1e';
const Probed = defineEvent({
  type: 'thing.probed',
  producer: 'identity',
  data: z.object({
    userId,
    email: z.email(),
    kind: z.literal('tool'),
    state: z.enum(['open', 'closed']),
    mood: openEnum(['good', 'bad']),
    code: z.string().regex(/^[a-z]{3}$/, 'Three small letters'),
    at: z.iso.datetime(),
    n: z.number().int().max(5).multipleOf(2),
    few: z.array(z.string().max(3)).max(2),
    map: z.record(z.string().max(3), z.number()),
    either: z.union([z.uuid(), z.object({ a: z.number() })]),
    inner: z.strictObject({ a: z.number() }),
  }),
});
const faults = (contract: typeof Probed, data: unknown) => {
  const { error } = contract.tolerant.safeParse(data);
  return error ? faultsOf(contract as never, error.issues) : undefined;
};

describe('what is said of an event that does not fit', () => {
  it('is where and what, in words', () => {
    const text = faults(Probed, { userId: 'u', email: 'no', code: 'ABC', n: 'one' });
    expect(text).toContain('email: Invalid email address; kind: ');
    expect(faults(Probed, {})?.endsWith('; 7 more')).toBe(true);
    expect(faults(Probed, 7)).toBe('data: Invalid input: expected object, received number');
    const { error } = z.object({ code: Probed.data.shape.code }).safeParse({ code: 'ABC' });
    expect(faultsOf(Probed as never, error?.issues ?? [])).toBe('code: Three small letters');
  });

  it.each([CANARY, 1.25, [CANARY, CANARY, CANARY], { [CANARY]: CANARY }, { [CANARY]: { [CANARY]: [CANARY] } }])(
    'holds nothing out of the event (%j)',
    (value) => {
      for (const [name, field] of Object.entries<z.ZodType>(Probed.tolerant.shape)) {
        const { error } = z.object({ [name]: field }).safeParse({ [name]: value });
        const text = faultsOf(Probed as never, error?.issues ?? []);
        expect(text).not.toMatch(/canary|1\.25/);
      }
    },
  );

  it('holds nothing out of any event of ours, whatever stands in its fields', () => {
    const leaf = fc.constantFrom(CANARY, 125125, null, [CANARY], { [CANARY]: CANARY });
    fc.assert(
      fc.property(fc.constantFrom(...events), fc.infiniteStream(leaf), (contract, leaves) => {
        const data = Object.fromEntries(Object.keys(contract.data.shape).map((name) => [name, leaves.next().value]));
        const text = faults(contract as never, data) ?? '';
        expect(text).not.toMatch(/canary|125125/);
        expect(text.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
