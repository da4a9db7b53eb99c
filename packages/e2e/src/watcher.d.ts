export interface Seen {
  topic: string;
  key: string;
  headers: Record<string, string>;
  body: string;
  data: Record<string, unknown>;
}
/** Reads every topic from its beginning, as any subscriber may, and remembers all of it. */
export declare class Watcher {
  readonly seen: Seen[];
  private readonly consumer;
  private constructor();
  static start(brokers: string): Promise<Watcher>;
  of(topic: string, matches?: (seen: Seen) => boolean): Seen[];
  stop(): Promise<void>;
  private remember;
}
