import type { Issuer } from '../issuer.js';
/** What the story needs of a running system: its public doors, and the sandbox that stands for the world outside. */
export interface Doors {
  gateway: string;
  sandbox: string;
  brokers: string;
}
/**
 * Plays the main story through the public doors only, and says each step as a person would tell it. Throws at the first step that does not hold.
 * The gateway must trust `issuer`; the sweep must come every few seconds; e-mails must not be gathered (`DIGEST_MINUTES=0`).
 */
export declare function tellStory({ gateway, sandbox, brokers }: Doors, issuer: Issuer, tell: (line: string) => void): Promise<void>;
