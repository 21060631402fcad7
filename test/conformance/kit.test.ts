import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences } from '../../scripts/conformance/compare.js';
import { optionalFieldsOf, OPTIONAL_FIELDS } from '../../scripts/conformance/optional-fields.js';
import { checkOrder, readLine } from '../../scripts/conformance/report.js';
import { RULES } from '../../scripts/conformance/rules/index.js';
import { TYPESCRIPT } from '../processes/node-server.js';

const ROOT = join(import.meta.dirname, '../..');
const message = { id: 8, author_id: 5, contents: 'hello', version: 42 };
const line = { chat_id: 6, pts: 57, name: 'Engines', participant_count: 3, messages: [message] };

describe('a line of a report', () => {
  it('is a chat, or the end', () => {
    expect(readLine(JSON.stringify(line), 1)).toEqual(line);
    expect(
      readLine(JSON.stringify({ ...line, own: 'field', name: null, last_read_message_id: 8 }), 1)?.name,
    ).toBeNull();
    expect(readLine('{"end":true}', 2)).toBeUndefined();
  });

  it.each([
    ['{', 'line 3 of the report is no JSON: {'],
    ['[]', 'line 3 of the report is neither a chat nor {"end":true}: []'],
    [{ ...line, pts: undefined }, 'line 3 of the report: `pts` is missing'],
    [
      { ...line, messages: [message, { ...message, id: undefined }] },
      'line 3 of the report: `messages[1].id` is missing',
    ],
    [{ ...line, participant_count: '3' }, 'line 3 of the report: `participant_count` is "3". Expected integer'],
  ])('that is wrong is named: %j', (wrong, reason) => {
    expect(() => readLine(typeof wrong === 'string' ? wrong : JSON.stringify(wrong), 3)).toThrow(reason);
  });

  it('has each message once, in order', () => {
    const with2 = (id: number) => ({ ...line, messages: [message, { ...message, id }] });
    expect(() => {
      checkOrder(with2(8));
    }).toThrow('Message 8 of chat 6 is there twice.');
    expect(() => {
      checkOrder(with2(7));
    }).toThrow('Message 7 of chat 6 stands after message 8.');
  });
});

describe('a report beside the fresh state', () => {
  const fresh = new Map([[6, { chat: { id: 6, ...line } as never, messages: [{ ...message } as never] }]]);
  const found = (...chats: (typeof line)[]) => differences(new Map(chats.map((chat) => [chat.chat_id, chat])), fresh);

  it('may be the same', () => {
    expect(found(line)).toEqual([]);
  });

  it('may leave out what is optional, and says null where there is nothing', () => {
    const whole = { ...line, own_rights: ['send'], draft: null };
    const reacted = { ...message, version: 43, reactions: [{ emoji: '👍', count: 1, first: [5] }] };
    const held = new Map([[6, { chat: { id: 6, ...whole } as never, messages: [reacted as never] }]]);
    const found = (chat: object) => differences(new Map([[6, { ...line, ...chat }]]), held);
    expect(found({ messages: [reacted] })).toEqual([]);
    // Reactions make a version, and this client does not know them.
    expect(found({ messages: [message] })).toEqual([]);
    expect(found({ messages: [{ ...message, reactions: null }], own_rights: ['send'], draft: 'He' })).toEqual([
      '`draft` of chat 6 is "He" instead of null',
      '`version` of message 8 of chat 6 is 42 instead of 43',
      '`reactions` of message 8 of chat 6 is null instead of [{"emoji":"👍","count":1,"first":[5]}]',
    ]);
    expect(found({ messages: [{ ...reacted, author_id: 6 }], own_rights: ['send', 'invite'] })).toEqual([
      '`own_rights` of chat 6 is ["send","invite"] instead of ["send"]',
      '`author_id` of message 8 of chat 6 is 6 instead of 5',
    ]);
  });

  it('tells which optional fields the client keeps', () => {
    const chat = { ...line, draft: null, messages: [message, { ...message, id: 9, reply_to: null }] };
    expect(optionalFieldsOf(new Map([[6, chat]]))).toEqual(['version', 'reply_to', 'draft']);
  });

  it('differs by chats, numbers and messages', () => {
    expect(found()).toEqual(['chat 6 is missing']);
    expect(found(line, { ...line, chat_id: 7 })).toEqual(['chat 7 is kept, and the user is not in it']);
    expect(found({ ...line, pts: 56 })).toEqual(['`pts` of chat 6 is 56 instead of 57']);
    expect(found({ ...line, messages: [] })).toEqual(['message 8 of chat 6 ("hello") is missing']);
    expect(found({ ...line, messages: [{ ...message, contents: 'hi' }] })).toEqual([
      'message 8 of chat 6 is "hi" instead of "hello"',
    ]);
    expect(found({ ...line, messages: [message, { ...message, id: 9 }] })).toEqual([
      'message 9 of chat 6 ("hello") does not exist any more',
    ]);
  });
});

it('docs/conformance.md has all optional fields', () => {
  const page = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
  const [, tables = ''] = /### Optional fields([^]*?)## The rules/.exec(page) ?? [];
  const cells = [...tables.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = '']) => cell);
  expect(cells.flatMap((cell) => cell.replaceAll('`', '').split(', '))).toEqual(OPTIONAL_FIELDS);
});

it('docs/conformance.md has all rules, with sections that docs/realtime.md has', () => {
  const page = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (.*?) +\| \[.*\]\(realtime\.md#(.*)\)/gm)];
  expect(rows.map(([, name, says, section]) => ({ name, says, section }))).toEqual(
    RULES.map(({ name, says, section }) => ({ name, says, section })),
  );
  const titles = [...readFileSync(join(ROOT, 'docs/realtime.md'), 'utf8').matchAll(/^#+ (.*)$/gm)];
  const anchors = titles.map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(anchors).toEqual(expect.arrayContaining([...new Set(RULES.map(({ section }) => section))]));
});

it('wrong usage ends with 2 and words', () => {
  const main = join(ROOT, 'scripts/conformance/main.ts');
  const args = [...TYPESCRIPT, main, '--rule', 'politeness', '--', 'client'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toContain('There is no rule "politeness"; see --list.');
  expect(status).toBe(2);
});
