import { type Html, html } from '../html.js';

const SHOWN = 50;

export const newest = <T>(rows: readonly T[]): T[] => rows.slice(-SHOWN).reverse();

/** `none` stands where there are no rows. */
export function section(title: string, id: string, heads: string[], rows: Html[], none: string): Html {
  const table = html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${rows.length > 0 ? table : html`<p class="note">${none}</p>`}</section>`;
}

export const time = (at: string): string => at.slice(11, 19);
