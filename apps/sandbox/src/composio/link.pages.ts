import { html, page } from '../html.js';

const SANDBOX_NOTE = html`<p class="note">This is the sandbox: no real account is involved.</p>`;

export const connectPage = (app: string, token: string): string =>
  page(
    `Connect ${app}`,
    html`<main class="narrow">
<h1>Connect ${app}</h1>
<p>You will be asked by ${app} whether to allow this.</p>
<p><a class="button main" href="/link/${token}/consent">Continue to ${app}</a></p>
${SANDBOX_NOTE}
</main>`,
  );

export const consentPage = (app: string, token: string, identities: string[]): string =>
  page(
    `${app}: allow access?`,
    html`<main class="narrow">
<h1>${app}: allow access?</h1>
<form method="post" action="/link/${token}/decide">
<fieldset>
<legend>Which account?</legend>
${identities.map(
  (identity, index) =>
    html`<label><input type="radio" name="identity" value="${identity}"${html`${index === 0 ? ' checked' : ''}`}> ${identity}</label><br>`,
)}
<label>Or somebody else: <input type="email" name="someone" placeholder="somebody@example.org" autocomplete="off"></label>
</fieldset>
<p>
<button class="main" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</p>
<details>
<summary>What else can happen</summary>
<p>
<button name="decision" value="fail">Fail the exchange</button>
<button name="decision" value="leave">Leave</button>
</p>
</details>
</form>
${SANDBOX_NOTE}
</main>`,
  );

export const messagePage = (title: string, text: string): string =>
  page(title, html`<main class="narrow"><h1>${title}</h1><p>${text}</p>${SANDBOX_NOTE}</main>`);
