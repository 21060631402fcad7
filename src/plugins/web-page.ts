import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_HEADERS } from './security-headers.js';

/** The page loads its own files, pictures from anywhere, and talks to its own server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: data:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join(';');

const INDEX = 'index.html';
/** Beside a file, for browsers that take it so. */
const COMPRESSED = /\.(br|gz)$/;
/** These have a digest of their contents in their names. */
const ASSETS = 'assets/';
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The page that the server shows to people. */
export interface WebPage {
  readonly folder: string;
  readonly html: string;
}

/** What the page learns of the settings before it asks anything. */
interface PageSettings {
  /** Anyone may be anyone: the page offers to enter as somebody of the demo world. */
  readonly development: boolean;
  /** The page offers to find and join public groups. */
  readonly publicGroups: boolean;
  /** How long messages are, in characters: see MESSAGE_MAX_LENGTH. */
  readonly messages: { readonly maxLength: number };
}

/** @returns undefined when it has not been built. */
export function readWebPage(
  folder: string,
  { development, publicGroups, messages }: PageSettings,
): WebPage | undefined {
  const path = join(folder, INDEX);
  if (!existsSync(path)) return undefined;
  const settings = {
    ...(development && { development: 'on' }),
    ...(publicGroups && { 'public-groups': 'on' }),
    'message-max-length': messages.maxLength,
  };
  const tags = Object.entries(settings).map(
    ([name, content]) => `<meta name="messenger-${name}" content="${content}" />`,
  );
  return { folder, html: readFileSync(path, 'utf8').replace('<head>', `<head>${tags.join('')}`) };
}

/** Whether somebody has opened the address in a browser. The page itself knows what it has at which address. */
export function isNavigation({ method, headers, url }: FastifyRequest): boolean {
  const [path = '/'] = url.split('?');
  const isFile = path.slice(path.lastIndexOf('/')).includes('.');
  const { accept = '' } = headers;
  // At the root there is nothing else: it is shown there also to who takes anything, such as curl.
  const isAccepted = accept.includes('text/html') || (path === '/' && accept === '*/*');
  return (method === 'GET' || method === 'HEAD') && !isFile && isAccepted;
}

/** No address of the page is deeper. */
const DEEPEST = 4;

/** The page names its files from its root, which may stand below a path that a proxy takes away: so it needs the way up. */
function atDepth(html: string, url: string): string {
  const [path = '/'] = url.split('?');
  const depth = Math.min(DEEPEST, path.split('/').length - 2);
  return depth > 0 ? html.replaceAll('"./', `"${'../'.repeat(depth)}`) : html;
}

export function sendWebPage({ html }: WebPage, { url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .headers({ ...PAGE_HEADERS, 'content-security-policy': POLICY, 'cache-control': 'no-cache', vary: 'accept' })
    .code(200)
    .type('text/html; charset=utf-8')
    .send(atDepth(html, url));
}

/** The files of the page, compressed where its build has done so. The page itself comes where there is nothing else. */
export const webPageFiles: FastifyPluginAsync<WebPage> = async (app, { folder }) => {
  await app.register(staticFiles, { root: folder, serve: false, preCompressed: true });
  for (const name of filesIn(folder)) {
    const isAsset = name.startsWith(ASSETS);
    const caching = isAsset ? { maxAge: YEAR_SECONDS * 1000, immutable: true } : { cacheControl: false };
    app.get(`/${name}`, { schema: { hide: true } }, (_request, reply) => {
      // A worker has the policy of its own file.
      reply.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
      return reply.sendFile(name, caching);
    });
  }
};

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
    .filter((name) => name !== INDEX && !COMPRESSED.test(name));
}
