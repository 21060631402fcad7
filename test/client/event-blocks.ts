/** One block of an event stream: the lines up to an empty one. */
export interface EventBlock {
  readonly id: string | undefined;
  readonly data: string | undefined;
}

/** Cuts the text of an event stream into its blocks, as it comes. */
export class EventBlocks {
  #rest = '';

  take(text: string): EventBlock[] {
    const parts = (this.#rest + text).split(/\r?\n\r?\n/);
    this.#rest = parts.pop() ?? '';
    return parts.map(readBlock);
  }
}

function readBlock(block: string): EventBlock {
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    // A line that begins with a colon is a comment: it has the empty name.
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'id') id = value;
    if (name === 'data') data.push(value);
  }
  return { id, data: data.length > 0 ? data.join('\n') : undefined };
}
