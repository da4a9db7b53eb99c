import { type BaseConfig, INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';

export interface Seen {
  event: string;
  id: string | undefined;
  data: Record<string, unknown>;
}

/** Reads a run's events as the gateway forwards them, until the server ends them, or `enough` says so and the connection is dropped. */
export async function readEvents(
  { url, userId, runId, after }: { url: string; userId: string; runId: string; after?: string | undefined },
  enough: (seen: readonly Seen[]) => boolean = () => false,
): Promise<Seen[]> {
  const keys = JSON.parse(process.env.TEST_INTERNAL_KEYS ?? '{}') as Record<string, BaseConfig['INTERNAL_KEY']>;
  const gateway = new InternalTokens({ app: 'gateway', INTERNAL_KEY: keys.gateway, INTERNAL_PUBLIC_KEYS: undefined });
  const token = await gateway.sign('agent-runner', { kind: 'user', id: userId });
  const headers = { [INTERNAL_HEADER]: token, ...(after ? { 'last-event-id': after } : {}) };
  const answer = await fetch(new URL(`/v1/runs/${runId}/events`, url), { headers });
  const seen: Seen[] = [];
  let rest = '';
  if (!answer.body) return seen;
  for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + bytes).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventIn(block);
      if (event) seen.push(event);
      if (enough(seen)) return seen; // which gives the body up, and with it the connection
    }
  }
  return seen;
}

function eventIn(block: string): Seen | undefined {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const event = field('event');
  return event ? { event, id: field('id'), data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> } : undefined;
}
