const ACCENTED: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú' };

/** An ICU message 40 % longer and with accents, for finding texts that are cut, overlap, or were never taken from the messages. */
export function pseudo(message: string): string {
  return `[${read(message, 0, false).text}]`;
}

/** Reads text until the end, or inside of a plural until its closing brace. Arguments, tags and choices stay as they are. */
function read(message: string, from: number, inside: boolean): { text: string; end: number } {
  let text = '';
  let letters = 0;
  let at = from;
  while (at < message.length) {
    const sign = message.charAt(at);
    if (inside && sign === '}') break;
    if (sign === '{' || sign === '<') {
      const part =
        sign === '{' ? argument(message, at) : { text: message.slice(at, message.indexOf('>', at) + 1), end: message.indexOf('>', at) + 1 };
      text += part.text;
      at = part.end;
      continue;
    }
    if (/\p{L}/u.test(sign)) letters += 1;
    text += ACCENTED[sign] ?? sign;
    at += 1;
  }
  return { text: text + (letters ? ` ${'~'.repeat(Math.ceil(letters * 0.4))}` : ''), end: at };
}

/** `{name}` and `{at, date, short}` as they are; of `{n, plural, one {…} other {…}}` the texts are read. */
function argument(message: string, from: number): { text: string; end: number } {
  const head = /^\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,/.exec(message.slice(from))?.[0];
  if (!head) {
    const end = message.indexOf('}', from) + 1;
    return { text: message.slice(from, end), end };
  }
  let text = head;
  let at = from + head.length;
  while (at < message.length && message.charAt(at) !== '}') {
    if (message.charAt(at) !== '{') {
      text += message.charAt(at);
      at += 1;
      continue;
    }
    const inner = read(message, at + 1, true);
    text += `{${inner.text}}`;
    at = inner.end + 1;
  }
  return { text: `${text}}`, end: at + 1 };
}
