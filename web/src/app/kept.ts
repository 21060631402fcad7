/** Small things that outlive the page. A browser may refuse to keep them; then they last as long as the page does. */
export const kept = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(`messenger.${key}`);
    } catch {
      return null;
    }
  },
  write(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(`messenger.${key}`);
      else localStorage.setItem(`messenger.${key}`, value);
    } catch {
      // It is full, or not allowed.
    }
  },
  /** Forgets everything whose name begins like this. */
  forget(prefix: string): void {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(`messenger.${prefix}`)) localStorage.removeItem(key);
      }
    } catch {
      // Nothing was kept then.
    }
  },
};
