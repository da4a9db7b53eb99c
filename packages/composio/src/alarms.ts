import { channel } from 'node:diagnostics_channel';

/** Things that must not happen, told on `node:diagnostics_channel` under this name, for an app to count and to alert on. */
export const COMPOSIO_ALARMS = 'gatehouse.composio.alarm';

/** `foreign-rows`: Composio answered a question about one owner with accounts of others; they were dropped. */
export type ComposioAlarm = { kind: 'foreign-rows'; count: number } | { kind: 'owner-mismatch'; during: string };

const alarms = channel(COMPOSIO_ALARMS);

export function alarm(message: ComposioAlarm): void {
  alarms.publish(message);
}
