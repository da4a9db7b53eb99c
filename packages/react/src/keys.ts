/** Where the hooks keep what they read. A host that changes something by itself invalidates by these. */
export const keys = {
  all: ['gatehouse'] as const,
  me: ['gatehouse', 'me'] as const,
  apps: ['gatehouse', 'apps'] as const,
  connections: ['gatehouse', 'connections'] as const,
  tools: ['gatehouse', 'tools'] as const,
  activity: ['gatehouse', 'activity'] as const,
  decisions: ['gatehouse', 'decisions'] as const,
  agents: ['gatehouse', 'agents'] as const,
  runs: ['gatehouse', 'runs'] as const,
  approvals: ['gatehouse', 'approvals'] as const,
  inbox: ['gatehouse', 'inbox'] as const,
  preferences: ['gatehouse', 'preferences'] as const,
};

/** What may have changed when an event of this name arrives. */
export function keysOf(type: string): readonly (readonly string[])[] {
  if (type === 'resync') return [keys.connections, keys.runs, keys.approvals, keys.inbox, keys.activity, keys.decisions];
  if (type.startsWith('connection.')) return [keys.connections];
  if (type.startsWith('agent.run.')) return [keys.runs, keys.approvals, keys.activity, keys.decisions];
  if (type.startsWith('notification.')) return [keys.inbox];
  return [];
}
