export interface BlastRadius {
  /** Breaks of one app within the hour that are always let through. */
  connections: number;
  /** … or this share of the app's active connections, if that is more. */
  share: number;
}

/** How many connections of an app may break within an hour before a person has to look: a provider's fault looks like a mass expiry. */
export function allowedBreaks(active: number, radius: BlastRadius): number {
  return Math.max(radius.connections, Math.floor(active * radius.share));
}
