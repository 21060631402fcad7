/** The data of the events of a stream (text/event-stream), as its text comes. */
export class EventBlocks {
  #rest = '';

  take(text: string): string[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const data = block.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []));
      return data.length > 0 ? [data.join('\n')] : [];
    });
  }
}
