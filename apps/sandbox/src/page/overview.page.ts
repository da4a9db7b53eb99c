import type { Account } from '../composio/account.js';
import type { Effect, Project, RequestRecord } from '../composio/project.js';
import { type Html, html, page } from '../html.js';
import type { Mail } from '../mail/mail-catcher.js';

const REFRESH_SECONDS = 5;
const SHOWN = 50;

export function overview(project: Project, mails: Mail[], projects: string[]): string {
  const body = html`<main>
<h1>Sandbox</h1>
<p class="note">Stands in for Composio, for the model and for SMTP. Nothing here is real, and nothing leaves this machine. Project <strong>${project.name}</strong>${others(project.name, projects)}. This page renews itself every ${REFRESH_SECONDS} seconds.</p>
${accounts(project)}
${effects(project.effects)}
${mailList(mails)}
${requests(project.requests)}
</main>`;
  return page('Sandbox', body, { refreshSeconds: REFRESH_SECONDS });
}

const newest = <T>(rows: T[]): T[] => rows.slice(-SHOWN).reverse();

function others(name: string, projects: string[]): Html {
  const links = projects.filter((other) => other !== name).slice(0, SHOWN);
  return links.length === 0
    ? html``
    : html` (others: ${links.map((other) => html`<a href="/?project=${encodeURIComponent(other)}">${other}</a> `)})`;
}

function section(title: string, id: string, heads: string[], rows: Html[], none: string): Html {
  const table = html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${rows.length > 0 ? table : html`<p class="note">${none}</p>`}</section>`;
}

function accounts(project: Project): Html {
  const rows = newest(project.accounts.all().filter(({ deleted }) => !deleted));
  return section(
    'Accounts',
    'accounts',
    ['User', 'App', 'Status', 'Signed in as', 'Account', 'Do'],
    rows.map(
      (account) =>
        html`<tr><td>${account.owner}</td><td>${account.app}</td><td>${status(account)}</td><td>${account.identity}</td><td>${account.id}</td><td>${buttons(project, account)}</td></tr>`,
    ),
    'Nobody has connected anything yet.',
  );
}

const status = ({ status: state, statusReason, isDisabled }: Account): Html =>
  html`${state}${isDisabled ? ', disabled' : ''}${statusReason ? html`<br><span class="note">${statusReason}</span>` : ''}`;

function buttons(project: Project, account: Account): Html {
  const button = (deed: string, label: string) => html`<form class="inline" method="post" action="/_emulator/page">
<input type="hidden" name="project" value="${project.name}"><input type="hidden" name="account" value="${account.id}">
<button name="deed" value="${deed}" aria-label="${label} ${account.app} of ${account.owner}">${label}</button></form> `;
  if (account.status === 'ACTIVE') return html`${button('EXPIRED', 'Expire')}${button('REVOKED', 'Revoke')}`;
  const broken = ['EXPIRED', 'REVOKED', 'FAILED', 'INACTIVE'].includes(account.status);
  return broken ? button('heal', 'Heal') : html`<span class="note">being connected</span>`;
}

const TITLES: Record<string, string> = {
  slack: 'Slack: what was posted',
  gmail: 'Gmail: what was sent',
  github: 'GitHub: what was changed',
  notion: 'Notion: what was changed',
};

function effects(all: Effect[]): Html {
  const apps = [...new Set(all.map(({ app }) => app))];
  if (apps.length === 0) return section('Effects', 'effects', [], [], 'No tool has changed anything yet.');
  return html`${apps.map((app) =>
    section(
      TITLES[app] ?? app,
      `effects-${app}`,
      ['When', 'Whose', 'Tool', 'With'],
      newest(all.filter((effect) => effect.app === app)).map(
        (effect) =>
          html`<tr><td>${time(effect.at)}</td><td>${effect.owner}</td><td>${effect.tool}</td><td><pre>${JSON.stringify(effect.arguments, null, 1)}</pre></td></tr>`,
      ),
      '',
    ),
  )}`;
}

/** A mail's links can be followed, in a tab of their own: this page renews itself. Only http and https become links. */
const linked = (text: string): Html[] =>
  text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) => (index % 2 ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : html`${part}`));

const mailList = (mails: Mail[]): Html =>
  section(
    'Mails',
    'mails',
    ['When', 'To', 'Subject', 'Text'],
    newest(mails).map(
      (mail) =>
        html`<tr><td>${time(mail.at)}</td><td>${mail.to.join(', ')}</td><td>${mail.subject}</td><td><pre>${linked(mail.text || mail.html)}</pre></td></tr>`,
    ),
    'No mail was sent yet.',
  );

const requests = (all: RequestRecord[]): Html =>
  section(
    'Calls to Composio',
    'requests',
    ['When', 'Call', 'For', 'Answer', 'Took'],
    newest(all).map(
      (call) =>
        html`<tr><td>${time(call.at)}</td><td>${call.method} ${call.path}</td><td>${call.userIdSent ?? call.accountOwner ?? ''}</td><td>${call.status ?? 'none'}${call.fault ? ' (fault)' : ''}</td><td>${call.durationMs} ms</td></tr>`,
    ),
    'No calls yet.',
  );

const time = (at: string): string => at.slice(11, 19);
