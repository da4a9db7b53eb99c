/** What a side, which is a process of its own, is told in its first argument. */
export interface SideSettings {
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly group: string;
  readonly partitionsAtOnce: number;
}

export const settings = <T extends object = SideSettings>(): T => JSON.parse(process.argv[2] ?? '{}') as T;

export const TOPIC = 'user.created';
export const SHARDS = 16;

/** FNV-1a, as the outbox is sharded. */
export function shardOf(key: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 16_777_619) >>> 0;
  return hash % SHARDS;
}
