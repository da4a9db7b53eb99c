export type RawHeader = Buffer | string | (Buffer | string)[] | undefined;

/** A record as it came from Kafka; `timestamp` is milliseconds since 1970, as text. */
export interface RawMessage {
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, RawHeader>>;
  readonly timestamp: string;
}
