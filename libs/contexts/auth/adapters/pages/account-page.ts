import { createHash } from 'node:crypto';

/** A page behind a link in a mail: one form, which sends the token of the link and what was filled in. */
export interface AccountPage {
  readonly title: string;
  /** What the form is for. */
  readonly text: string;
  /** Its fields, as HTML. */
  readonly fields: string;
  readonly button: string;
  /** Where it is sent to. */
  readonly action: string;
  readonly done: string;
}

const style = `
body { font-family: system-ui, sans-serif; max-width: 28em; margin: 4em auto; padding: 0 1em; line-height: 1.5 }
label { display: block; margin: 1em 0 }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.4em }
button { font: inherit; padding: 0.4em 1.2em }
`;

/**
 * The token stands behind the # of the address, so that no server and no log gets it. It is taken out of the address at
 * once, so that it does not stay in the browser's history.
 */
export const script = `
'use strict';
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const form = document.querySelector('form');
const says = document.querySelector('[role=status]');
if (!token) {
  form.hidden = true;
  says.textContent = 'This link is not complete: open it as it stands in the mail.';
}
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const filled = Object.fromEntries(new FormData(form));
  if ('again' in filled && filled.again !== filled.new_password) {
    says.textContent = 'The two passwords are not the same.';
    return;
  }
  delete filled.again;
  says.textContent = 'One moment …';
  try {
    const answer = await fetch(form.dataset.action, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, ...filled }),
    });
    if (answer.status === 204) {
      form.hidden = true;
      says.textContent = form.dataset.done;
    } else if (answer.status === 202) {
      says.textContent = 'It takes longer than usual. Try to sign in in a minute.';
    } else {
      const problem = await answer.json();
      says.textContent = problem.errors?.[0]?.message ?? problem.detail ?? 'That did not work: try again later.';
    }
  } catch {
    says.textContent = 'The server could not be reached: try again.';
  }
});
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the page's own script and style, which talks to nobody but this API. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const html = ({ title, text, fields, button, action, done }: AccountPage): string => `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
<h1>${title}</h1>
<form data-action="${action}" data-done="${done}">
<p>${text}
${fields}
<p><button>${button}</button>
</form>
<p role="status"><noscript>This page needs JavaScript.</noscript></p>
<script>${script}</script>
</html>
`;
