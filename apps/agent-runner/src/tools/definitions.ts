import { COMPOSIO, type ComposioPort, RateLimited, type ToolDefinition } from '@gatehouse/composio';
import { log } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { NotNow } from '../queue/lease.js';

const KEPT_MS = 60 * 60 * 1000;

/** What Composio says about tools: the same for every user, so it may be kept, for an hour. */
@Injectable()
export class Definitions {
  private readonly kept = new Map<string, { until: number; tool: ToolDefinition | undefined }>();

  constructor(@Inject(COMPOSIO) private readonly composio: ComposioPort) {}

  async of(names: readonly string[]): Promise<ReadonlyMap<string, ToolDefinition>> {
    const missing = names.filter((name) => !(Date.now() < (this.kept.get(name)?.until ?? 0)));
    if (missing.length) await this.fetch(missing);
    const found = names.flatMap((name) => this.kept.get(name)?.tool ?? []);
    return new Map(found.map((tool) => [tool.name, tool]));
  }

  /** Without asking: what this process happens to know. */
  known(name: string): ToolDefinition | undefined {
    return this.kept.get(name)?.tool;
  }

  private async fetch(names: string[]): Promise<void> {
    const answer = await this.composio.getTools(names, { budget: 'runs' }).catch((error: unknown) => {
      throw new NotNow('Composio does not list its tools', error instanceof RateLimited ? error.retryAfterMs : undefined);
    });
    const until = Date.now() + KEPT_MS;
    for (const tool of answer.tools) this.kept.set(tool.name, { until, tool });
    for (const name of answer.missing) this.kept.set(name, { until, tool: undefined });
    if (answer.missing.length) log('tools').warn({ tools: answer.missing }, 'Composio does not know these tools, so they are not offered');
  }
}
