export const SHARDS = 16;

/** FNV-1a of the key's UTF-8 bytes, mod 16. Identity's trigger computes the same in SQL. */
export function shardOf(key: string): number {
  let hash = 2_166_136_261;
  for (const byte of Buffer.from(key, 'utf8')) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  return hash % SHARDS;
}
