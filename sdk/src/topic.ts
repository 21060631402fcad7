/** Something that views are made of. It counts its changes, and wakes those who watch it. */
export class Topic {
  #version = 0;
  readonly #watchers = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  touch(): void {
    this.#version++;
    for (const watcher of this.#watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
