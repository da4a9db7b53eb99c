import { findApp } from '../composio/catalogue/catalogue.js';
import type { Effect } from '../composio/project.js';
import { type Html, html } from '../html.js';
import { newest, section, time } from './section.js';

/** What tools did, the way the person at the provider would see it: channels, outboxes, issues; for all else, a table per app. */
export function effectsPart(effects: readonly Effect[]): Html {
  if (effects.length === 0) return section('Effects', 'effects', [], [], 'No tool has changed anything yet.');
  const shown = ROOMS.flatMap((room) => roomParts(room, effects));
  const rest = effects.filter(({ tool }) => !ROOMS.some((room) => room.tool === tool));
  return html`${shown}${[...new Set(rest.map(({ app }) => app))].map((app) =>
    section(
      `${findApp(app)?.name ?? app}: what ${ROOMS.some((room) => room.app === app) ? 'else ' : ''}was changed`,
      `changed-${app}`,
      ['When', 'Whose', 'Tool', 'With'],
      newest(rest.filter((effect) => effect.app === app)).map(
        (effect) =>
          html`<tr><td>${time(effect.at)}</td><td>${effect.owner}</td><td>${effect.tool}</td><td>${json(effect.arguments)}</td></tr>`,
      ),
      '',
    ),
  )}`;
}

/** A place at a provider in which one kind of effect is seen. */
interface Room {
  app: string;
  tool: string;
  /** Effects with the same words are in the same place; never those of two people. */
  of(effect: Effect): string;
  title(effect: Effect): string;
  heads: string[];
  cells(effect: Effect): unknown[];
}

const ROOMS: Room[] = [
  {
    app: 'slack',
    tool: 'SLACK_SEND_MESSAGE',
    of: ({ arguments: { channel } }) => String(channel).replace(/^#/, ''),
    title: ({ owner, arguments: { channel } }) => `${owner}'s Slack: #${String(channel).replace(/^#/, '')}`,
    heads: ['Message'],
    cells: ({ arguments: { text } }) => [text],
  },
  {
    app: 'gmail',
    tool: 'GMAIL_SEND_EMAIL',
    of: () => '',
    title: ({ owner }) => `${owner}'s Gmail: outbox`,
    heads: ['To', 'Subject', 'Text'],
    cells: ({ arguments: { recipient_email, subject, body } }) => [recipient_email, subject, body],
  },
  {
    app: 'github',
    tool: 'GITHUB_CREATE_AN_ISSUE',
    of: ({ arguments: { owner, repo } }) => `${owner}/${repo}`,
    title: ({ owner: person, arguments: { owner, repo } }) => `GitHub issues: ${owner}/${repo}, written by ${person}`,
    heads: ['Number', 'Title', 'Text'],
    cells: ({ arguments: { title, body }, result }) => [result.number, title, body],
  },
];

function roomParts(room: Room, effects: readonly Effect[]): Html[] {
  const places = new Map<string, Effect[]>();
  for (const effect of effects) {
    if (effect.tool !== room.tool) continue;
    const key = JSON.stringify([effect.owner, effect.account, room.of(effect)]);
    const place = places.get(key);
    if (place) place.push(effect);
    else places.set(key, [effect]);
  }
  return [...places.values()].map((place, index) => {
    const rows = newest(place).map(
      (effect) => html`<tr><td>${time(effect.at)}</td>${room.cells(effect).map((cell) => html`<td><pre>${cell}</pre></td>`)}</tr>`,
    );
    return section(room.title(place[0] as Effect), `${room.app}-${index}`, ['When', ...room.heads], rows, '');
  });
}

const json = (value: unknown): Html => html`<pre>${JSON.stringify(value, null, 1)}</pre>`;
