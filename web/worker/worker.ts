/**
 * Keeps the files of the page, and nothing else: no answer of the API is ever in a cache. A page is asked of the server first, so
 * that a new version is there at once; the one that is kept is for when there is no network.
 */
declare const self: ServiceWorkerGlobalScope;

const CACHE = 'messenger page';
const ROOT = new URL('./', self.location.href);
/** A network that does not answer is as good as none. */
const PATIENCE_MS = 3000;

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = await fetch(ROOT, { cache: 'no-cache', headers: { accept: 'text/html' } });
  if (!page.ok) return;
  const names = (await (await fetch(new URL('assets.json', ROOT), { cache: 'no-cache' })).json()) as string[];
  const urls = names.map((name) => new URL(name, ROOT).href);
  const held = new Set((await cache.keys()).map(({ url }) => url));
  await cache.addAll(urls.filter((url) => !held.has(url)));
  await cache.put(ROOT, page);
  for (const url of held) if (url !== ROOT.href && !urls.includes(url)) await cache.delete(url);
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const kept = await caches.match(ROOT);
    if (!kept) throw error;
    // What is kept was made for the root; at another address its relative ones would lead elsewhere.
    const depth = new URL(request.url).pathname.slice(ROOT.pathname.length).split('/').length - 1;
    const html = (await kept.text()).replaceAll('"./', `"${'../'.repeat(depth) || './'}`);
    return new Response(html, { headers: kept.headers });
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(ROOT.href)) return;
  const path = url.pathname.slice(ROOT.pathname.length);
  if (request.mode === 'navigate') {
    if (/^(?:docs|dev|health)(?:\/|$)/.test(path) || path.endsWith('.json')) return;
    event.respondWith(page(request));
    // A newer version has other files.
    event.waitUntil(keepAll().catch(() => undefined));
  } else if (path.startsWith('assets/')) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

export {};
