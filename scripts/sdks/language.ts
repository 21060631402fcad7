/** A language and the generators that make clients in it. */
export interface Language {
  readonly name: string;
  /** Programs without which it is skipped. */
  readonly needs: readonly string[];
  readonly clients: readonly Client[];
}

interface Client {
  readonly generator: string;
  /** Generates, compiles and talks. @throws Error that says what went wrong, with the output of the program. */
  check(workplace: Workplace): Promise<void>;
}

export interface Workplace {
  /** An empty folder for this client. */
  readonly folder: string;
  /** A folder for what several clients need. */
  readonly shared: string;
  /** The addresses of the server and of the stand-in, for the conversation. */
  readonly environment: Record<string, string>;
}
