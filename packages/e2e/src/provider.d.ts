export interface Effect {
  owner: string;
  app: string;
  tool: string;
  account: string;
  arguments: Record<string, unknown>;
}
export interface Mail {
  to: string[];
  subject: string;
  text: string;
}
/** The world beyond Composio, through the sandbox's control door: the consent page, the provider's moods, what was done there, the mail. */
export declare class Provider {
  private readonly url;
  constructor(sandboxUrl: string);
  /** Opens the link as the person's browser would, says yes, and returns where the browser is sent then. */
  consent(connectUrl: string, identity?: string): Promise<URL>;
  /** The provider stops accepting the account: it happens without telling anybody, so that only a sweep can find out. */
  break(owner: string, app: string, status?: string): Promise<unknown>;
  effects(): Promise<Effect[]>;
  mails(to: string): Promise<Mail[]>;
  /** How often the sweep has asked for broken accounts so far. */
  sweeps(): Promise<number>;
  private control;
}
