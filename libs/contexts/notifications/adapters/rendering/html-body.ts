const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => String(escapes[character]));

/** A sentence often ends right after an address. */
const address = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)]/g;

/**
 * A plain text as HTML: everything in it is text. Only addresses on the public origin become links, so that nobody leads
 * readers elsewhere in our name.
 */
export function htmlBody(text: string, publicUrl: string): string {
  const paragraphs = text.split(/(?:\r?\n){2,}/).filter((paragraph) => paragraph.trim() !== '');
  const html = paragraphs.map((paragraph) => `<p>${linked(paragraph, publicUrl).replaceAll(/\r?\n/g, '<br>\n')}</p>`);
  return `<!DOCTYPE html>\n<html>\n<body>\n${html.join('\n')}\n</body>\n</html>\n`;
}

function linked(text: string, publicUrl: string): string {
  let html = '';
  let at = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    if (!isOurs(found, publicUrl)) continue;
    html += `${escaped(text.slice(at, index))}<a href="${escaped(found)}">${escaped(found)}</a>`;
    at = index + found.length;
  }
  return html + escaped(text.slice(at));
}

/** By its origin: another host's name may begin like ours. */
function isOurs(found: string, publicUrl: string): boolean {
  if (!URL.canParse(found)) return false;
  const { origin, username, password } = new URL(found);
  return origin === publicUrl && username === '' && password === '';
}
