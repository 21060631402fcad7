import { describe, expect, it } from 'vitest';
import { check } from './checker/checker.js';
import { longestDelay } from './checker/delay.js';
import { contentsOf } from './checker/history.js';
import { CHAT, message, received, SECOND, send, story, type Story } from './checker/story.js';
import type { Entry } from './client/journal.js';

function checkStory({ history, chat }: Story) {
  return check(history, [chat]);
}

/** The violations of a story after something in it has gone wrong. */
function violations(spoil: (story: Story) => void): readonly string[] {
  const spoilt = story();
  spoil(spoilt);
  return checkStory(spoilt).violations;
}

it('finds nothing in a history in which everything goes well, and has looked at it', () => {
  const { passed, violations: found } = checkStory(story());
  expect(found).toEqual([]);
  expect(passed).toBeGreaterThan(15);
});

/** What goes wrong, and what is said of it, which is one line and no more. */
const PLANTED: [string, RegExp, (story: Story) => void][] = [
  [
    'an acknowledged message that is not there',
    /the acknowledged message 99 is lost/,
    ({ history }) => history.sends.push(send('e', 1, 99)),
  ],
  [
    'a deletion for which nobody had asked',
    /message 12 was deleted, though nobody had asked/,
    ({ history }) => history.deletions.splice(0),
  ],
  [
    'a message without its client_id',
    /message 10 has the client_id null, not a/,
    ({ chat }) => Object.assign(chat.messages[0]!, { clientId: null }),
  ],
  [
    'a message of somebody else',
    /message 10 has the author 5/,
    (spoilt) => {
      change(spoilt, 10, { authorId: 5 });
    },
  ],
  [
    'a message in the wrong chat',
    /message 10 is in chat 1, not 2/,
    ({ history }) => Object.assign(history.sends[0]!, { chatId: 2 }),
  ],
  [
    'contents that nobody has written',
    /message 10 says what nobody has written/,
    (spoilt) => {
      change(spoilt, 10, { contents: contentsOf('a', 'changed') });
    },
  ],
  [
    'different acknowledgements of one send',
    /acknowledged as different messages: 10, 13/,
    ({ history }) => history.sends[0]!.acknowledgements.push({ messageId: 13, deduplicated: true }),
  ],
  [
    'a second acknowledgement that does not say so',
    /acknowledged 2 times as a new message/,
    ({ history }) => history.sends[0]!.acknowledgements.push({ messageId: 10, deduplicated: false }),
  ],
  [
    'a message that is there twice',
    /the send a is there 2 times: 10, 14/,
    (spoilt) => {
      add(spoilt, 14, 'a', null);
    },
  ],
  [
    'a message that nobody has sent',
    /message 14 is there, and nobody has sent it/,
    (spoilt) => {
      add(spoilt, 14, 'x');
    },
  ],
  [
    'a deleted message that came back',
    /the send c was deleted, and is there again as message 14/,
    (spoilt) => {
      add(spoilt, 14, 'c');
    },
  ],
  [
    'a refusal that is not true',
    /the send a was refused as deleted/,
    ({ history }) => history.sends[0]!.refusals.push(410),
  ],
  [
    'a refusal without a reason',
    /the send a was refused with 409/,
    ({ history }) => history.sends[0]!.refusals.push(409),
  ],
  [
    'a send that was never answered',
    /the send e was never answered/,
    ({ history }) => history.sends.push({ ...send('e', 1, 1), acknowledgements: [] }),
  ],
  [
    'an acknowledged edit that is lost',
    /an acknowledged edit of message 10 is lost: pts 3/,
    ({ history }) => history.edits.push({ messageId: 10, contents: contentsOf('a', 'new'), acknowledgedPts: 3 }),
  ],
  [
    'an edit that says something else',
    /message 10 at pts 2 says "a hello", not "a new"/,
    ({ history }) => history.edits.push({ messageId: 10, contents: contentsOf('a', 'new'), acknowledgedPts: 2 }),
  ],
  [
    'an acknowledged deletion that was not done',
    /message 10 is there, though its deletion was acknowledged/,
    ({ history }) => history.deletions.push({ messageId: 10, isAcknowledged: true }),
  ],
  [
    'a number that is taken twice',
    /two changes with pts 2/,
    (spoilt) => {
      change(spoilt, 13, { pts: 2 });
    },
  ],
  [
    'a number past the last one',
    /pts 12, past its last 9/,
    ({ chat }) => chat.events.push({ pts: 12, at: 9 * SECOND, kind: 'other' }),
  ],
  [
    'an id out of order',
    /message 11 is older than 10/,
    (spoilt) => {
      change(spoilt, 11, { createdAt: 500 });
    },
  ],
  [
    'a device that lacks a chat',
    /the member does not have chat 1/,
    ({ member }) => {
      member.chats.clear();
    },
  ],
  ['a device that kept a chat', /the guest still has chat 1/, ({ guest, held }) => guest.chats.set(CHAT, held)],
  ['a device that is behind', /it is at pts 8, not 9/, ({ held }) => (held.pts = 8)],
  ['a device with an old name', /its name is "old", not "us"/, ({ held }) => (held.name = 'old')],
  ['a device with other participants', /its participants are 1 2 3, not 1 2/, ({ held }) => held.participants.add(3)],
  ['a device that lacks a message', /message 10 is missing/, ({ held }) => held.messages.delete(10)],
  [
    'a device with a message too many',
    /message 12 should be gone/,
    ({ held }) => held.messages.set(12, { contents: '', authorId: 1 }),
  ],
  [
    'a device with old contents',
    /message 11 says "b hello", not "b edited"/,
    ({ held }) => held.messages.set(11, { contents: 'b hello', authorId: 2 }),
  ],
  [
    'a number that was left out',
    /the member went from pts 4 to 6 of chat 1/,
    ({ member }) => {
      remove(member.entries, (entry) => entry.kind === 'applied' && entry.pts === 5);
    },
  ],
  [
    'an event that comes twice',
    /the member got message.created 9 of chat 1 .* twice/,
    ({ member }) => member.entries.push(received(9, 'message.created', 9 * SECOND)),
  ],
  [
    'an event that comes too late',
    /the member got message.created 4 of chat 1 .* after 9/,
    ({ member }) => member.entries.push(received(4, 'message.created', 9 * SECOND)),
  ],
  [
    'a hint after a removal',
    /the guest got typing {2}of chat 1 .* after its removal/,
    ({ guest }) => guest.entries.push(received(undefined, 'typing', 9 * SECOND)),
  ],
  [
    'an event for somebody who is not in the chat',
    /the guest got message.created 9 .*, and was not in it/,
    ({ guest }) => {
      remove(guest.entries, (entry) => entry.kind === 'received' && entry.pts === 8);
      guest.entries.push(received(9, 'message.created', 9 * SECOND));
    },
  ],
  ['a surprise', /the member was closed with 4400/, ({ member }) => member.surprises.push('was closed with 4400')],
  [
    'a message that took too long',
    /message 10 .* to the member: 12.0 s/,
    ({ member }) => member.known.set(10, 13 * SECOND),
  ],
];

function change({ chat, held }: Story, id: number, fields: Partial<Story['chat']['messages'][number]>): void {
  const changed = chat.messages.find((candidate) => candidate.id === id)!;
  Object.assign(changed, fields);
  const { contents, authorId } = changed;
  held.messages.set(id, { contents, authorId });
}

function add({ chat, held }: Story, id: number, clientId: string, kept: string | null = clientId): void {
  const added = Object.assign(message(id, 1, clientId, 10, 'hello', 9 * SECOND), { clientId: kept });
  chat.messages.push(added);
  held.messages.set(id, { contents: added.contents, authorId: 1 });
  chat.lastPts = held.pts = 10;
}

function remove(entries: Entry[], which: (entry: Entry) => boolean): void {
  entries.splice(entries.findIndex(which), 1);
}

describe('what goes wrong is told in one line:', () => {
  it.each(PLANTED)('%s', (_name, expected, spoil) => {
    expect(violations(spoil)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('what may happen:', () => {
  const harmless: [string, (story: Story) => void][] = [
    [
      'a retry that is known, and one that comes after the deletion',
      ({ history }) => {
        history.sends[0]!.acknowledgements.push({ messageId: 10, deduplicated: true });
        history.sends[2]!.refusals.push(410);
      },
    ],
    [
      'a send that comes after its author has left',
      ({ history }) => history.sends.push({ ...send('e', 3, 1), acknowledgements: [], refusals: [404] }),
    ],
    [
      'an edit that was overtaken by another',
      ({ history }) => history.edits.push({ messageId: 11, contents: contentsOf('b', 'first'), acknowledgedPts: 4 }),
    ],
    [
      'a leap by a sync',
      ({ member }) => {
        remove(member.entries, (entry) => entry.kind === 'applied' && entry.pts === 5);
        const next = member.entries.findIndex((entry) => entry.kind === 'applied' && entry.pts === 6);
        member.entries[next] = { at: 5 * SECOND, connection: 1, kind: 'synced', chatId: CHAT, pts: 6 };
      },
    ],
    [
      'a stream that leaves out a number, and repeats itself on another connection',
      ({ member }) => {
        member.kind = 'stream';
        remove(member.entries, (entry) => entry.kind === 'applied' && entry.pts === 5);
        member.entries.push({ ...received(9, 'message.state', 9 * SECOND), connection: 2 });
      },
    ],
    [
      'events of a chat to which one was added again',
      ({ chat, held, guest }) => {
        chat.events.push({ pts: 10, at: 9 * SECOND, kind: 'participant.added', userIds: [3] });
        chat.participants.push(3);
        held.participants.add(3);
        chat.lastPts = held.pts = 10;
        guest.entries.push(received(10, 'chat.created', 9 * SECOND), received(9, 'message.created', 9 * SECOND));
        guest.chats.set(CHAT, held);
      },
    ],
  ];

  it.each(harmless)('%s', (_name, happen) => {
    expect(violations(happen)).toEqual([]);
  });
});

describe('the longest delay', () => {
  const late = (during: (story: Story) => void) => {
    const told = story();
    told.member.known.set(10, 13 * SECOND);
    during(told);
    return longestDelay(told.history, [told.chat])?.ms;
  };

  it('is that of the message that took longest', () => {
    expect(late(() => undefined)).toBe(12 * SECOND);
  });

  it('leaves out the time in which nothing could come', () => {
    const from = 4 * SECOND;
    const span = { from, to: from + 3 * SECOND };
    expect(late(({ history }) => history.databaseDown.push(span))).toBe(9 * SECOND);
    expect(late(({ history }) => history.frozenNodes[0]!.push(span))).toBe(9 * SECOND);
    expect(late(({ member }) => member.frozen.push(span))).toBe(9 * SECOND);
    expect(
      late(({ member: { entries } }) => {
        entries.push({ at: span.from, connection: 1, kind: 'disconnected', code: 1006 });
        entries.push({ at: span.to, connection: 2, kind: 'connected', node: 0 });
      }),
    ).toBe(9 * SECOND);
  });

  it('does not count who was not in the chat all the time', () => {
    const told = story();
    told.guest.known.set(13, 30 * SECOND);
    expect(longestDelay(told.history, [told.chat])?.ms).toBe(5);
  });
});
