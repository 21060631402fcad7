import { escapeHtml } from './html.js';
import type { Mail } from './mail.js';

/** The host application, as mails show it. */
export interface Brand {
  readonly appName: string;
  /** #rrggbb */
  readonly color: string;
  readonly logoUrl: string | undefined;
}

/** What a mail says, whatever it looks like. Plain text everywhere. */
export interface Letter {
  readonly subject: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** A button. */
  readonly link?: { readonly label: string; readonly url: string } | undefined;
  /** Stands between link and code. */
  readonly codeHint?: string | undefined;
  /** To copy. */
  readonly code?: string | undefined;
  /** In small letters below. */
  readonly notes: readonly string[];
}

/** The letter as text and as HTML. */
export function write(letter: Letter, brand: Brand): Omit<Mail, 'to'> {
  return { subject: letter.subject, text: asText(letter, brand), html: asHtml(letter, brand) };
}

function asText({ title, paragraphs, link, codeHint, code, notes }: Letter, { appName }: Brand): string {
  const parts = [title, ...paragraphs, link?.url, codeHint, code && `    ${code}`, ...notes, `-- \n${appName}`];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

/** Black or white, whichever can be read better on the color. Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function textOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = parseInt(color.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace';

/** Mail programs that know the dark look take these instead of the colors that stand at the elements. */
const DARK = `@media (prefers-color-scheme: dark) {
  .page { background-color: #111318 !important; }
  .card { background-color: #1c1f26 !important; border-color: #343944 !important; }
  .text { color: #e8eaee !important; }
  .note { color: #a3a9b5 !important; }
  .code { background-color: #2a2f39 !important; color: #ffffff !important; }
}`;

/** Tables and styles at the elements, because mail programs understand little else. It loads nothing but the logo. */
function asHtml({ subject, title, paragraphs, link, codeHint, code, notes }: Letter, brand: Brand): string {
  const { appName, color, logoUrl } = brand;
  const head = logoUrl
    ? `<img src="${escapeHtml(logoUrl)}" alt="${escapeHtml(appName)}" height="40" style="height:40px;border:0;display:block">`
    : `<span class="text" style="${FONT};font-size:18px;font-weight:600;color:#1f2430">${escapeHtml(appName)}</span>`;
  const paragraph = (text: string) =>
    `<p class="text" style="${FONT};margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2430">${escapeHtml(text)}</p>`;
  const note = (text: string) =>
    `<p class="note" style="${FONT};margin:0 0 8px;font-size:13px;line-height:20px;color:#5b6270">${escapeHtml(text)}</p>`;
  const button = link
    ? `<p style="margin:8px 0 24px"><a href="${escapeHtml(link.url)}" style="${FONT};display:inline-block;padding:12px 24px;border-radius:8px;background-color:${escapeHtml(color)};color:${textOn(color)};font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(link.label)}</a></p>`
    : '';
  const codeBox =
    code === undefined
      ? ''
      : `<p class="code" style="${MONO};margin:0 0 24px;padding:12px 16px;border-radius:8px;background-color:#f0f2f5;color:#1f2430;font-size:18px;line-height:26px;word-break:break-all">${escapeHtml(code)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
${DARK}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f4f5f7">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px">
<tr><td style="padding:0 4px 20px">${head}</td></tr>
<tr><td class="card" style="padding:32px 28px 20px;border:1px solid #e2e5ea;border-radius:12px;background-color:#ffffff">
<h1 class="text" style="${FONT};margin:0 0 16px;font-size:22px;line-height:30px;font-weight:600;color:#1f2430">${escapeHtml(title)}</h1>
${paragraphs.map(paragraph).join('\n')}
${button}
${codeHint === undefined ? '' : paragraph(codeHint)}
${codeBox}
</td></tr>
<tr><td style="padding:20px 4px 0">${notes.map(note).join('\n')}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}
