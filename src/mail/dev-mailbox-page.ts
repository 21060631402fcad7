import type { ReceivedMail } from './dev-mailbox.js';
import { escapeHtml } from './html.js';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
  article { border: 1px solid #8886; border-radius: 8px; padding: 0 1rem; margin: 1rem 0; }
  h2 { font-size: 1.1rem; margin: 1rem 0 0; overflow-wrap: anywhere; }
  small { opacity: 0.7; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }`;

/** The development mailbox as a page: the newest mail first, each with its text. */
export function devMailboxPage(mails: readonly ReceivedMail[]): string {
  const articles = mails.map(
    ({ to, subject, text, received_at }) => `
<article>
<h2>${escapeHtml(subject)}</h2>
<small>to ${escapeHtml(to)}, ${escapeHtml(received_at)}</small>
<pre>${escapeHtml(text)}</pre>
</article>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Mails</h1>
<p>${mails.length === 0 ? 'There is no mail yet.' : 'None of these mails has left the server. Reload the page for newer ones.'}</p>
${articles.join('\n')}
</body>
</html>
`;
}
