import fc from 'fast-check';
import { SHARDS, shardOf } from './shard.js';

describe('the shard of a key', () => {
  it('is FNV-1a of its UTF-8 bytes, as published, mod 16', () => {
    // From the reference vectors of FNV-1a, 32 bits: '' 811c9dc5, 'a' e40c292c, 'foobar' bf9cf968
    expect(['', 'a', 'foobar'].map(shardOf)).toEqual([0x811c9dc5 % 16, 0xe40c292c % 16, 0xbf9cf968 % 16]);
  });

  it('is always one of sixteen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => shardOf(key) >= 0 && shardOf(key) < SHARDS && Number.isInteger(shardOf(key))),
    );
  });
});
