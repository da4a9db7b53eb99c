/** A product's own sign-in, trusted by the gateway (`AUTH_TRUSTED_ISSUERS`): it publishes its keys and signs access tokens for its users. */
export declare class Issuer {
  readonly url: string;
  private readonly server;
  private readonly key;
  private constructor();
  static start(): Promise<Issuer>;
  /** What the gateway is told about this issuer. */
  get setting(): string;
  token(userId: string): Promise<string>;
  close(): Promise<void>;
}
