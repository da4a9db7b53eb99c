export interface Publication {
  type: string;
  data: unknown;
  /** The Kafka key; the data's user unless said otherwise. */
  key?: string;
  /** `ce_id`; a repeated one is the same event. */
  id?: string;
  /** `ce_source`; with the id it names the event. */
  source?: string;
  times?: number;
  /** Sent as it is, instead of the JSON of `data`. */
  body?: string | Buffer;
}
/** A product's own service as Gatehouse sees it: a plain Kafka client that writes CloudEvents in binary mode and shares no code with us. */
export declare class Upstream {
  private readonly producer;
  private constructor();
  static connect(brokers: string): Promise<Upstream>;
  publish({ type, data, key, id, source, times, body }: Publication): Promise<string>;
  close(): Promise<void>;
}
