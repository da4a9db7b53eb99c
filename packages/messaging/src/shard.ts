export const SHARDS = 16;
const OFFSET = 2_166_136_261;
const PRIME = 16_777_619;

/** FNV-1a of the key's UTF-8 bytes, mod 16. Identity's trigger computes the same in SQL. */
export function shardOf(key: string): number {
  let hash = OFFSET;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code > 127) return shardOfBytes(Buffer.from(key)); // only a dead letter's key is no user id
    hash = Math.imul(hash ^ code, PRIME) >>> 0;
  }
  return hash % SHARDS;
}

function shardOfBytes(bytes: Buffer): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME) >>> 0;
  return hash % SHARDS;
}
