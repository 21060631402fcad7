/** In characters: what is read takes some ten times as many bytes. */
const MAX_PARSED_LENGTH = 1024 * 1024;
const parsed = new Map<string, unknown>();
let parsedLength = 0;

/** What JSON says, of which many texts are the same. Rows share it: nobody changes it. */
export function parseOnce(text: string): unknown {
  let value = parsed.get(text);
  if (value === undefined) {
    value = JSON.parse(text);
    parsedLength += text.length;
    if (parsedLength > MAX_PARSED_LENGTH) {
      parsed.clear();
      parsedLength = text.length;
    }
    parsed.set(text, value);
  }
  return value;
}
