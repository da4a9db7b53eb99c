import type { Account } from '../composio/account.js';
import type { Project, RequestRecord } from '../composio/project.js';
import { type Html, html, page } from '../html.js';
import type { Mail } from '../mail/mail-catcher.js';
import { effectsPart } from './effects.page.js';
import { newest, section, time } from './section.js';

const REFRESH_SECONDS = 5;
const SHOWN = 50;

export interface Shown {
  project: Project;
  /** Only what this person did. */
  owner: string | undefined;
  mails: Mail[];
  projects: string[];
}

export function overview({ project, owner, mails, projects }: Shown): string {
  const ofOwner = (record: { owner?: string; userIdSent?: string | null; accountOwner?: string | null }) =>
    owner === undefined || [record.owner, record.userIdSent, record.accountOwner].includes(owner);
  const body = html`<main>
<h1>Sandbox</h1>
<p class="note">Stands in for Composio, for the model and for SMTP. Nothing here is real, and nothing leaves this machine. Project <strong>${project.name}</strong>${others(project.name, projects)}. This page renews itself every ${REFRESH_SECONDS} seconds.</p>
${owner === undefined ? '' : html`<p>Only <strong>${owner}</strong>. <a href="/?project=${encodeURIComponent(project.name)}">Everybody</a></p>`}
${accounts(project, owner)}
${effectsPart(project.effects.filter(ofOwner))}
${mailList(mails)}
${requests(project.requests.filter(ofOwner))}
</main>`;
  return page('Sandbox', body, { refreshSeconds: REFRESH_SECONDS });
}

function newestLive(accounts: readonly Account[]): Account[] {
  const found: Account[] = [];
  for (let at = accounts.length - 1; at >= 0 && found.length < SHOWN; at -= 1) {
    const account = accounts[at];
    if (account && !account.deleted) found.push(account);
  }
  return found;
}

function others(name: string, projects: string[]): Html {
  const links = projects.filter((other) => other !== name).slice(0, SHOWN);
  return links.length === 0
    ? html``
    : html` (others: ${links.map((other) => html`<a href="/?project=${encodeURIComponent(other)}">${other}</a> `)})`;
}

function accounts(project: Project, owner: string | undefined): Html {
  const rows = newestLive(owner === undefined ? project.accounts.all() : project.accounts.of(owner));
  return section(
    'Accounts',
    'accounts',
    ['User', 'App', 'Status', 'Signed in as', 'Account', 'Do'],
    rows.map(
      (account) =>
        html`<tr><td><a href="/?project=${encodeURIComponent(project.name)}&amp;owner=${encodeURIComponent(account.owner)}">${account.owner}</a></td><td>${account.app}</td><td>${status(account)}</td><td>${account.identity}</td><td>${account.id}</td><td>${buttons(project, account)}</td></tr>`,
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

const requests = (all: readonly RequestRecord[]): Html =>
  section(
    'Calls to Composio',
    'requests',
    ['When', 'Call', 'For', 'Account', 'Whose', 'Answer', 'Took'],
    newest(all).map(
      (call) =>
        html`<tr><td>${time(call.at)}</td><td>${call.method} ${call.path}</td><td>${call.userIdSent ?? ''}</td><td>${call.account ?? ''}</td><td>${call.accountOwner ?? ''}</td><td>${call.status ?? 'none'}${call.fault ? ' (fault)' : ''}</td><td>${call.durationMs} ms</td></tr>`,
    ),
    'No calls yet.',
  );
