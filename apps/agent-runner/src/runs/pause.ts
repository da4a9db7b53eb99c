import { appName, type Blocker } from '@gatehouse/contracts';
import { type OpenSwitch, stops } from '@gatehouse/switches';
import { config } from '../config.js';

/** Why a run waits until an operator lifts a switch, in words, and for which one. */
export interface Pause {
  readonly blockers: Blocker[];
  readonly pausedBy: string;
}

/** One blocker for each of these apps that is stopped, also by a switch on the tool that was to be called. */
export function pauseFor(stopped: readonly [OpenSwitch, ...OpenSwitch[]], apps: readonly string[], tool?: { title: string }): Pause {
  const blockers = apps.flatMap((app) => {
    if (stops(stopped, app)) return paused(app, appName(app));
    return tool ? paused(app, `“${tool.title}”`) : [];
  });
  return { blockers, pausedBy: stopped[0].id };
}

const paused = (app: string, what: string): Blocker => ({
  app,
  state: 'paused',
  message: `${what} is paused for now.`,
  connectUrl: new URL(`/settings/integrations/${app}`, config.PUBLIC_URL).href,
});
