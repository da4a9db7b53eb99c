import { type AppInfo, COMPOSIO, type ComposioPort, type Cursor } from '@gatehouse/composio';
import { Problem } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { composioProblem, unknownApp } from '../composio-problem.js';
import { config } from '../config.js';

const FRESH_MS = 3_600_000;

/** The apps that can be connected: the same for every user, read from Composio at most once an hour and process. */
@Injectable()
export class AppList {
  private apps: AppInfo[] = [];
  private readAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;

  constructor(@Inject(COMPOSIO) private readonly composio: ComposioPort) {}

  /** In the order of their slugs. An old list is better than none while Composio does not answer. */
  async all(): Promise<readonly AppInfo[]> {
    if (Date.now() - this.readAt < FRESH_MS) return this.apps;
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    try {
      await this.reading;
    } catch (error) {
      if (!this.apps.length) throw composioProblem(error);
    }
    return this.apps;
  }

  async mustBeConnectable(app: string): Promise<void> {
    const found = (await this.all()).find((info) => info.app === app);
    if (!found) throw unknownApp();
    if (!found.connectable) throw new Problem(422, 'app_not_connectable', found.whyNot ?? `${found.name} cannot be connected here.`);
  }

  private async read(): Promise<void> {
    const apps: AppInfo[] = [];
    let cursor: Cursor | undefined;
    do {
      const page = await this.composio.listApps(cursor ? { cursor } : {}, { budget: 'interactive' });
      apps.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor);
    this.apps = apps.map(verifiable).sort((a, b) => (a.app < b.app ? -1 : 1));
    this.readAt = Date.now();
  }
}

/** Only a flow that sends the browser through the provider can be verified; an app that takes a key never proves whose it is. */
function verifiable(info: AppInfo): AppInfo {
  if (config.CONNECT_UNVERIFIED || info.authSchemes.some((scheme) => scheme.toUpperCase().includes('OAUTH'))) return info;
  return { ...info, connectable: false, whyNot: info.whyNot ?? `${info.name} is connected by a key, which is not offered here.` };
}
