import { ROOT } from './root.js';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

/** Installs the service worker, by which the page opens without a network. Pages without HTTPS have none. */
export function keepPageOffline(): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  const url = new URL('worker.js', ROOT).href;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('messenger', {
    createScriptURL: (asked) => {
      if (asked !== url) throw new TypeError('Only the service worker is a script to load.');
      return asked;
    },
  });
  navigator.serviceWorker
    .register(policy?.createScriptURL(url) ?? url, { type: 'module' })
    .catch((error: unknown) => console.warn(error));
}
