import { randomUUID } from 'node:crypto';
import { Run } from '../src/runs/run.entity.js';

export const aUser = (): string => `usr_${randomUUID().slice(0, 12)}`;

export function aRun(given: Partial<Run> = {}): Run {
  const apps = { required: [], optional: [] };
  const defaults = { id: randomUUID(), userId: aUser(), agent: 'default', input: 'say hello', apps, origin: 'person', requestHash: '' };
  return Object.assign(new Run(), defaults, given);
}
