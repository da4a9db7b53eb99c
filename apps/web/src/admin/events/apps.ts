/** Apps that tell events; all but identity listen, too, and keep dead letters. */
export const TELLING = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier'] as const;
export const LISTENING = ['connections', 'agent-runner', 'auditor', 'notifier'] as const;
export type Listening = (typeof LISTENING)[number];
