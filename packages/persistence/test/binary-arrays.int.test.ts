import fc from 'fast-check';
import { Client } from 'pg';
import { smallints, texts, uuids } from '../src/index.js';

describe('arrays sent in binary', () => {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  beforeAll(() => client.connect());
  afterAll(() => client.end());

  async function same(type: string, binary: Buffer, plain: readonly unknown[]): Promise<boolean> {
    const { rows } = await client.query(`select $1::${type}[] is not distinct from $2::${type}[] as same`, [binary, plain]);
    return rows[0].same;
  }

  it('arrive as the same arrays sent as text', async () => {
    const text = fc.option(fc.string({ unit: 'binary' }).map((s) => s.replaceAll('\0', '')));
    await fc.assert(fc.asyncProperty(fc.array(text), async (list) => same('text', texts(list), list)));
    await fc.assert(fc.asyncProperty(fc.array(fc.uuid()), async (list) => same('uuid', uuids(list), list)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -32_768, max: 32_767 })), async (list) => same('int2', smallints(list), list)),
    );
  });

  it('refuse what would be another value', () => {
    expect(() => uuids(['not-a-uuid'])).toThrow('not a UUID');
    expect(() => smallints([32_768])).toThrow('out of range');
  });
});
