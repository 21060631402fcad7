import { describe, expect, it } from 'vitest';
import { check } from './checker/checker.js';
import { collect } from './checker/findings.js';
import { contentsOf, type Deletion, type Edit } from './checker/history.js';
import {
  applied,
  CHAT,
  connected,
  done,
  message,
  received,
  receivedOwn,
  refused,
  scheduled,
  SECOND,
  send,
  setting,
  story,
  taken,
  type Story,
} from './checker/story.js';
import type { Entry } from '../client/journal.js';
import type { OwnState } from '../client/protocol.js';
import { EXPECTED } from './plan/protections.js';
import { checkWork, type Work } from './work.js';

function checkStory({ history, chat, ownLog, deeds }: Story) {
  return check(history, { chats: [chat], ownLogs: new Map([[2, ownLog]]), ...deeds });
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

it('finds nothing in a send that is refused, and whose earlier try is carried out after that', () => {
  const found = violations(({ history }) => history.sends[1]!.refusals.push(refused(403, 1 * SECOND)));
  expect(found).toEqual([]);
});

/** What goes wrong, and what is said of it, which is one line and no more. */
const PLANTED: [string, RegExp, (story: Story) => void][] = [
  [
    'an acknowledged message that is not there',
    /the acknowledged message 99 is lost/,
    ({ history }) => history.sends.push(send('e', 1, 99)),
  ],
  [
    'an acknowledged reaction that is not there',
    /the acknowledged reaction 👍 of user 2 to message 10 is lost/,
    ({ deeds }) => deeds.reactions.splice(0),
  ],
  [
    'an acknowledged pin that is not there',
    /the acknowledged pin of message 11 is lost/,
    ({ history }) => history.pins.push({ messageId: 11, pinned: true, ...done(3 * SECOND) }),
  ],
  [
    'a pin that was taken back, and is there',
    /message 10 is pinned, though it was acknowledged that the pin is taken back/,
    ({ history }) => history.pins.push({ messageId: 10, pinned: false, ...done(3 * SECOND) }),
  ],
  [
    'a message that does not say that it is pinned',
    /message 10 says not that it is pinned/,
    (spoilt) => {
      change(spoilt, 10, { isPinned: false });
    },
  ],
  [
    'an acknowledged vote that is not there',
    /the acknowledged vote of user 2 in the poll 13 is lost: there is \[1\], not \[2\]/,
    ({ history }) => history.votes.push({ userId: 2, messageId: 13, optionIds: [2], ...done(10 * SECOND) }),
  ],
  [
    'a poll that counts what nobody has chosen',
    /option 1 of the poll 13 has 1 votes, and 2 people chose it/,
    ({ deeds }) => deeds.ballots.push({ userId: 1, messageId: 13, optionIds: [1] }),
  ],
  [
    'an acknowledged option that is not there',
    /the acknowledged option "never" of the poll 13 is lost/,
    ({ history }) => history.pollChanges.push({ messageId: 13, text: 'never', ...done(9 * SECOND) }),
  ],
  [
    'a poll that was closed, and is open',
    /the poll 13 is open, though it was acknowledged that it is closed/,
    ({ history }) => history.pollChanges.push({ messageId: 13, text: undefined, ...done(9 * SECOND) }),
  ],
  [
    'an acknowledged copy that is not there',
    /the acknowledged message 99 is lost/,
    ({ history }) => history.sends.push({ ...send('e', 1, 99), contents: undefined }),
  ],
  [
    'a copy that does not say what it is',
    /message 10 does not say that it is a copy/,
    ({ history }) => Object.assign(history.sends[0]!, { contents: undefined }),
  ],
  [
    'a scheduled message that is not there',
    /the scheduled message x is sent, and there 0 times/,
    ({ history, deeds }) => {
      history.scheduled.push(scheduled('x', {}));
      deeds.scheduled.push({ clientId: 'x', state: 'sent', reason: null, sendAt: 8 * SECOND });
    },
  ],
  [
    'a scheduled message of which nothing is known',
    /the scheduled message x, which was acknowledged, is lost/,
    ({ history }) => history.scheduled.push(scheduled('x', {})),
  ],
  [
    'a scheduled message that waits for too long',
    /the scheduled message x waits, though its time has come/,
    ({ history, deeds }) => {
      history.scheduled.push(scheduled('x', {}));
      deeds.scheduled.push({ clientId: 'x', state: 'waiting', reason: null, sendAt: 8 * SECOND });
    },
  ],
  [
    'a scheduled message that has failed without a reason',
    /the scheduled message x has failed \(RIGHT_MISSING\), though its author could write/,
    ({ history, deeds }) => {
      history.scheduled.push(scheduled('x', {}));
      deeds.scheduled.push({ clientId: 'x', state: 'failed', reason: 'RIGHT_MISSING', sendAt: 8 * SECOND });
    },
  ],
  [
    'a scheduled message that is not in its thread',
    /the scheduled message d is not in its thread/,
    ({ history }) => history.scheduled.splice(0, 1, scheduled('d', { threadId: 10 })),
  ],
  [
    'a scheduled message that has failed as if it were for a thread',
    /the scheduled message x has failed \(THREAD_DOES_NOT_EXIST\), though its author could write/,
    ({ history, deeds }) => {
      history.scheduled.push(scheduled('x', {}));
      deeds.scheduled.push({ clientId: 'x', state: 'failed', reason: 'THREAD_DOES_NOT_EXIST', sendAt: 8 * SECOND });
    },
  ],
  [
    'a scheduled message that was cancelled, and sent',
    /the scheduled message d is sent, though it was cancelled/,
    ({ history }) => history.scheduled.splice(0, 1, scheduled('d', { cancel: 'acknowledged' })),
  ],
  [
    'a message whose time has come',
    /message 10 is there, though its time has come/,
    (spoilt) => {
      change(spoilt, 10, { expiresAt: 20 * SECOND });
    },
  ],
  [
    'a message of somebody who was restricted',
    /user 2, under a restriction in chat 1, wrote message 11/,
    ({ history }) => Object.assign(history.sanctions[0]!, done(1 * SECOND)),
  ],
  [
    'a restriction that is lost',
    /user 2, under a restriction in chat 1, may write/,
    ({ deeds }) => deeds.readers.splice(0),
  ],
  [
    'a restriction that was lifted, and is there',
    /user 2, under a restriction in chat 1 that was lifted, may not write/,
    ({ history }) => Object.assign(history.sanctions[0]!, { lifting: done(20 * SECOND) }),
  ],
  [
    'somebody who is brought in after a ban',
    /user 3, under a ban in chat 1, was brought in/,
    ({ history }) => Object.assign(history.sanctions[1]!, done(5 * SECOND)),
  ],
  [
    'a ban that is lost',
    /user 2, under a ban in chat 1, is in it/,
    ({ history }) =>
      history.sanctions.push({ ...history.sanctions[1]!, userId: 2, lifting: undefined, ...done(20 * SECOND) }),
  ],
  [
    'a refusal of somebody who was never restricted',
    /the send a was refused with 403/,
    ({ history }) => history.sends[0]!.refusals.push(refused(403)),
  ],
  [
    'a refusal of what is there',
    /the send b was refused with 403, and was there/,
    ({ history }) => history.sends[1]!.refusals.push(refused(403)),
  ],
  [
    'a refusal of what is carried out all the same',
    /the send b was refused with 403, and was there/,
    ({ history }) =>
      Object.assign(history.sends[1]!, { tries: 1, acknowledgements: [], refusals: [refused(403, 1 * SECOND)] }),
  ],
  [
    'an acknowledged report that is not there',
    /the acknowledged report of message 10 by user 2 is lost/,
    ({ deeds }) => deeds.reports.splice(0),
  ],
  [
    'a chat that is not in its folder',
    /chat 1 is not in the folder of user 2, which was acknowledged/,
    ({ deeds }) => deeds.filed.splice(0),
  ],
  [
    'an acknowledged receipt that is lost',
    /the acknowledged delivered mark 14 of user 2 in chat 1 is lost: there is 13/,
    ({ history }) => history.readings.push({ mark: 'delivered', userId: 2, chatId: CHAT, acknowledgedId: 14 }),
  ],
  [
    'a message on a device without what belongs to it',
    /message 10 is .*, not .*"custom":\{"a":1\}/,
    ({ history }) => {
      const messages = history.fresh.get(2)!.get(CHAT)!;
      (messages as Map<number, object>).set(10, { ...messages.get(10)!, custom: { a: 1 } });
    },
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
    ({ history }) => history.sends[0]!.acknowledgements.push({ messageId: 13, deduplicated: true, pts: 9 }),
  ],
  [
    'a second acknowledgement that does not say so',
    /acknowledged 2 times as a new message/,
    ({ history }) => history.sends[0]!.acknowledgements.push({ messageId: 10, deduplicated: false, pts: 2 }),
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
    ({ history }) => history.sends[0]!.refusals.push(refused(410)),
  ],
  [
    'a refusal without a reason',
    /the send a was refused with 409/,
    ({ history }) => history.sends[0]!.refusals.push(refused(409)),
  ],
  [
    'a send that does not find the chat of somebody who has always been in it',
    /the send e was refused with 404/,
    ({ history }) =>
      history.sends.push({
        ...send('e', 1, 1),
        acknowledgements: [],
        refusals: [refused(404)],
      }),
  ],
  [
    'an edit that does not find a message that is there',
    /an edit of message 11 was refused with 404/,
    ({ history }) => history.edits.push(edit(11, { refusal: 404 })),
  ],
  [
    'an edit that is refused without a reason',
    /an edit of message 12 was refused with 403/,
    ({ history }) => history.edits.push(edit(12, { refusal: 403 })),
  ],
  [
    'a deletion that does not find a message that is there',
    /a deletion of message 11 was refused with 404/,
    ({ history }) => history.deletions.push(deletion(11, { refusal: 404 })),
  ],
  [
    'an edit that is refused as overtaken, though nothing else was done',
    /an edit of message 10 was refused with 409/,
    ({ history }) => history.edits.push(edit(10, { refusal: 409 })),
  ],
  [
    'a deletion that is refused as overtaken, though nothing else was done',
    /a deletion of message 10 was refused with 409/,
    ({ history }) => history.deletions.push(deletion(10, { refusal: 409 })),
  ],
  [
    'a send that was shown as failed and is there',
    /the send a was shown as failed \(OFFLINE\), and was delivered/,
    ({ history }) => Object.assign(history.sends[0]!, { failedWith: 'OFFLINE' }),
  ],
  [
    'a send that was shown as failed and had been there',
    /the send c was shown as failed \(OFFLINE\), and was delivered/,
    ({ history }) => Object.assign(history.sends[2]!, { failedWith: 'OFFLINE' }),
  ],
  [
    'a send that was deleted before it was sent, and was sent',
    /the send a was deleted unsent, and was delivered/,
    ({ history }) => Object.assign(history.sends[0]!, { isWithdrawn: true }),
  ],
  [
    'an edit that was shown as failed and is there',
    /an edit of message 11 was shown as failed \(OFFLINE\), and was carried out/,
    ({ history }) => Object.assign(history.edits[0]!, { failedWith: 'OFFLINE' }),
  ],
  [
    'a deletion that was shown as failed, of a message that is gone',
    /each deletion of message 12 was shown as failed/,
    ({ history }) => Object.assign(history.deletions[0]!, { failedWith: 'OFFLINE' }),
  ],
  [
    'an answer that should not have been given',
    /PATCH \/chat\/1 was answered with 403/,
    ({ history }) => history.surprises.push('PATCH /chat/1 was answered with 403'),
  ],
  [
    'a send that was never answered',
    /the send e was never answered/,
    ({ history }) => history.sends.push({ ...send('e', 1, 1), acknowledgements: [] }),
  ],
  [
    'an acknowledged edit that is lost',
    /an acknowledged edit of message 10 is lost: pts 3/,
    ({ history }) => history.edits.push(edit(10, { contents: contentsOf('a', 'new'), acknowledgedPts: 3 })),
  ],
  [
    'an edit that says something else',
    /message 10 at pts 2 says "a hello", not "a new"/,
    ({ history }) => history.edits.push(edit(10, { contents: contentsOf('a', 'new'), acknowledgedPts: 2 })),
  ],
  [
    'an acknowledged deletion that was not done',
    /message 10 is there, though its deletion was acknowledged/,
    ({ history }) => history.deletions.push(deletion(10, { isAcknowledged: true })),
  ],
  [
    'a number that is taken twice',
    /two changes with pts 6/,
    (spoilt) => {
      change(spoilt, 11, { pts: 6 });
    },
  ],
  [
    'a last number of which there is nothing',
    /chat 1 has no change with its last pts 10/,
    ({ chat, held }) => (chat.lastPts = held.pts = 10),
  ],
  [
    'a number past the last one',
    /pts 12, past its last 9/,
    ({ chat }) => chat.events.push({ pts: 12, committedAt: 60 * SECOND, kind: 'other', type: 'chat.updated' }),
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
  [
    'a device with a wrong count of participants',
    /its participant count is 3, not 2/,
    ({ held }) => (held.participantCount = 3),
  ],
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
    'an event that leaves one out',
    /the member got message.created 4 of chat 1 .*, and nothing of what is between 2 and it/,
    ({ member }) => {
      remove(member.entries, (entry) => entry.kind === 'received' && entry.pts === 3);
    },
  ],
  [
    'an event that leaves out more than the hint before it',
    /the member got message.deleted 6 of chat 1 .*, and nothing of what is between 4 and it/,
    ({ member: { entries } }) => {
      remove(entries, (entry) => entry.kind === 'received' && entry.pts === 4);
      remove(entries, (entry) => entry.kind === 'received' && entry.pts === 5);
      const third = entries.findIndex((entry) => entry.kind === 'received' && entry.pts === 3);
      entries.splice(third, 0, received(4, 'chat.advanced', 3 * SECOND));
    },
  ],
  [
    'an event that a stream repeats on one connection',
    /the member got message.created 9 of chat 1 .* twice/,
    ({ member }) => {
      useStream(member);
      member.entries.push(received(9, 'message.created', 9 * SECOND));
    },
  ],
  [
    'an event that came before the id from which a stream goes on',
    /the member got message.state 5 of chat 1 .* after 9/,
    ({ member }) => {
      useStream(member);
      member.entries.push(id('x', 9 * SECOND), connected(2, 10 * SECOND, 'x'));
      member.entries.push({ ...received(5, 'message.state', 11 * SECOND), connection: 2 });
    },
  ],
  [
    'typing after a removal',
    /the guest got typing {2}of chat 1 .* after its removal/,
    ({ guest }) => guest.entries.push(received(undefined, 'typing', 9 * SECOND)),
  ],
  [
    'a hint after a removal that a sync was answered since',
    /the guest got chat.advanced 9 of chat 1 .* after its removal/,
    ({ guest }) => {
      guest.entries.push({ at: 8 * SECOND, connection: 1, kind: 'answered' });
      guest.entries.push(received(9, 'chat.advanced', 9 * SECOND));
    },
  ],
  [
    'a chat that is announced after a removal',
    /the guest got chat.created 7 of chat 1 .* after its removal/,
    ({ guest }) => guest.entries.push(received(7, 'chat.created', 9 * SECOND)),
  ],
  [
    'an event for somebody who is not in the chat',
    /the guest got message.created 9 .*, and was not in it/,
    ({ guest }) => {
      forgetRemoval(guest);
      guest.entries.push({ at: 8 * SECOND, connection: 1, kind: 'resync' });
      guest.entries.push(received(9, 'message.created', 9 * SECOND));
    },
  ],
  [
    'a hint for somebody who is not in the chat',
    /the guest got chat.advanced 9 .*, and was not in it/,
    ({ guest }) => {
      forgetRemoval(guest);
      guest.entries.push(received(9, 'chat.advanced', 9 * SECOND));
    },
  ],
  [
    'typing for somebody who has long not been in the chat',
    /the guest got typing .*, and was not in it/,
    ({ guest }) => {
      forgetRemoval(guest);
      guest.entries.push(received(undefined, 'typing', 18 * SECOND));
    },
  ],
  [
    'typing for somebody who is not in the chat yet',
    /the guest got typing .*, and was not in it/,
    ({ guest }) => guest.entries.splice(1, 0, received(undefined, 'typing', 5 * SECOND)),
  ],
  ['a surprise', /the member was closed with 4400/, ({ member }) => member.surprises.push('was closed with 4400')],
  [
    'a message that took too long',
    /message 13, pts 9 of chat 1, .*, came to the member after 12.0 s/,
    ({ member }) => {
      postpone(member, 9, 20 * SECOND);
    },
  ],
  [
    'another change that took too long',
    /participant.removed, pts 8 of chat 1, .*, came to the member after 11.0 s/,
    ({ member }) => {
      postpone(member, 8, 18 * SECOND);
      postpone(member, 9, 18 * SECOND);
    },
  ],
  [
    'a message that never came',
    /message 13, pts 9 of chat 1, .*, had not come to the member after 52.0 s/,
    ({ member }) => {
      remove(member.entries, (entry) => entry.kind === 'applied' && entry.pts === 9);
    },
  ],
  [
    'a change that had not come to somebody until they were removed',
    /participant.added, pts 7 of chat 1, .*, had not come to the guest after 12.0 s/,
    ({ chat, guest }) => {
      chat.events[3] = { pts: 8, committedAt: 18 * SECOND, kind: 'participant.removed', userId: 3 };
      guest.entries.splice(1);
    },
  ],
  [
    'a chat that somebody was added to, and does not hear of',
    /participant.added, pts 10 of chat 1, .*, had not come to the guest after 51.0 s/,
    (spoilt) => {
      addGuestAgain(spoilt);
    },
  ],
  [
    'a removal of which one does not hear',
    /participant.removed, pts 8 of chat 1, .*, came to the guest after 12.0 s/,
    ({ guest }) => {
      guest.entries.splice(-2);
      guest.entries.push({ at: 19 * SECOND, connection: 1, kind: 'forgotten', chatId: CHAT });
    },
  ],
  [
    'an acknowledged read mark that is lost',
    /the acknowledged read mark 13 of user 2 in chat 1 is lost: there is 10/,
    (spoilt) => {
      changeOwn(spoilt, { last_read_message_id: 10 });
    },
  ],
  [
    'an acknowledged setting that is lost',
    /the acknowledged setting 2100-01-02.* of user 2 in chat 1 is lost: there is 2100-01-01/,
    ({ history }) => history.settings.push(setting(2, { mutedUntil: LATER, begunAt: 12 * SECOND })),
  ],
  [
    'an acknowledged setting of which there is nothing',
    /the acknowledged setting 2100-01-01.* of user 2 in chat 1 is lost: there is null/,
    (spoilt) => {
      changeOwn(spoilt, { muted_until: null });
    },
  ],
  [
    'a setting that nobody has asked for',
    /user 2 in chat 1 has a setting that nobody has asked for: 2100-01-02/,
    (spoilt) => {
      changeOwn(spoilt, { muted_until: LATER });
    },
  ],
  [
    'half of a setting',
    /user 2 in chat 1 has half of a setting/,
    (spoilt) => {
      changeOwn(spoilt, { archived: true });
    },
  ],
  [
    'a device with an old setting',
    /the member, own log: chat 1 is .*"pinned":false.*, not /,
    ({ held }) => (held.own = { ...held.own, pinned: false }),
  ],
  [
    'a device that is behind in the own log',
    /the member, own log: it is at pts 101, not 102/,
    ({ member }) => (member.mePts = 101),
  ],
  [
    'a number of the own log that is taken twice',
    /the own log of user 2 has 102 twice/,
    ({ ownLog }) => ownLog.states.push({ ...ownLog.states[0]!, chatId: 2 }),
  ],
  [
    'a number past the last one of the own log',
    /chat 2 has 103 of the own log of user 2, past its last 102/,
    ({ ownLog }) => ownLog.states.push({ ...ownLog.states[0]!, chatId: 2, pts: 103, committedAt: 60 * SECOND }),
  ],
  [
    'an event of the own log that comes twice',
    /the member got chat.read_mark 102 of the own log .* twice/,
    ({ member }) => member.entries.push(receivedOwn(102, 'chat.read_mark', 12 * SECOND)),
  ],
  [
    'an event of the own log that leaves one out',
    /the member got chat.settings 104 of the own log .*, and nothing of what is between 102 and it/,
    ({ member }) => member.entries.push(receivedOwn(104, 'chat.settings', 12 * SECOND)),
  ],
  [
    'a change of the own log that took too long',
    /what chat 1 is to the user, pts 102 of the own log, .*, came to the member after 11.0 s/,
    ({ member }) => {
      postpone(member, 102, 22 * SECOND);
    },
  ],
];

const LATER = '2100-01-02T00:00:00.000Z';

function changeOwn({ ownLog, held }: Story, fields: Partial<OwnState>): void {
  Object.assign(ownLog.states[0]!.own, fields);
  held.own = { ...held.own, ...fields };
}

function change({ chat, held }: Story, id: number, fields: Partial<Story['chat']['messages'][number]>): void {
  const changed = chat.messages.find((candidate) => candidate.id === id)!;
  Object.assign(changed, fields);
  const { contents, authorId } = changed;
  held.messages.set(id, { contents, authorId });
}

function add({ chat, held, member }: Story, id: number, clientId: string, kept: string | null = clientId): void {
  const added = Object.assign(message(id, 1, clientId, 10, 'hello', 9 * SECOND), { clientId: kept });
  chat.messages.push(added);
  held.messages.set(id, { contents: added.contents, authorId: 1 });
  chat.lastPts = held.pts = 10;
  member.entries.push(applied(10, 9 * SECOND));
}

function remove(entries: Entry[], which: (entry: Entry) => boolean): void {
  entries.splice(entries.findIndex(which), 1);
}

function edit(messageId: number, fields: Partial<Edit>): Edit {
  const unanswered = { acknowledgedPts: undefined, refusal: undefined, failedWith: undefined };
  return { messageId, contents: 'b edited', ...unanswered, ...fields };
}

function deletion(messageId: number, fields: Partial<Deletion>): Deletion {
  return { messageId, isAcknowledged: false, refusal: undefined, failedWith: undefined, ...fields };
}

function useStream({ entries }: Story['member']): void {
  for (const entry of entries) if (entry.kind === 'connected') Object.assign(entry, { via: 'stream' });
}

function id(text: string, at: number): Entry {
  return { at, connection: 1, kind: 'id', id: text };
}

/** The number is applied later. */
function postpone({ entries }: Story['member'], pts: number, at: number): void {
  const place = entries.findIndex((entry) => entry.kind === 'applied' && entry.pts === pts);
  entries[place] = { ...entries[place]!, at };
}

function forgetRemoval({ entries }: Story['guest']): void {
  remove(entries, (entry) => entry.kind === 'received' && entry.type === 'participant.removed');
}

function addGuestAgain({ chat, held, member, guest }: Story): void {
  chat.events.push({ pts: 10, committedAt: 9 * SECOND, kind: 'participant.added', userIds: [3] });
  chat.participants.push(3);
  held.participants.add(3);
  held.participantCount = 3;
  chat.lastPts = held.pts = 10;
  member.entries.push(applied(10, 9 * SECOND));
  guest.chats.set(CHAT, held);
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
        history.sends[0]!.acknowledgements.push({ messageId: 10, deduplicated: true, pts: 2 });
        history.sends[2]!.refusals.push(refused(410));
      },
    ],
    [
      'a send that comes after its author has left',
      ({ history }) =>
        history.sends.push({
          ...send('e', 3, 1),
          acknowledgements: [],
          refusals: [refused(404)],
        }),
    ],
    [
      'an edit and a deletion that are refused because another edit came first',
      ({ history }) => {
        history.edits.push(edit(11, { contents: 'b lost', refusal: 409, failedWith: 'CHANGED_MEANWHILE' }));
        history.deletions.push(deletion(11, { refusal: 409, failedWith: 'CHANGED_MEANWHILE' }));
      },
    ],
    [
      'an edit that is refused because the message was pinned before',
      (spoilt) => {
        spoilt.history.sends[0]!.acknowledgements[0]!.pts = 1;
        spoilt.history.edits.push(edit(10, { refusal: 409, failedWith: 'CHANGED_MEANWHILE' }));
      },
    ],
    [
      'a send and an edit of somebody who was restricted',
      ({ history }) => {
        history.sends.push({
          ...send('e', 2, 1),
          acknowledgements: [],
          refusals: [refused(403)],
        });
        history.edits.push(edit(11, { contents: 'b lost', refusal: 403 }));
      },
    ],
    [
      'an edit of somebody who was restricted, of a message that has been deleted since',
      ({ history }) => {
        const gone = history.sends.find(({ acknowledgements }) => acknowledgements[0]?.messageId === 12);
        Object.assign(gone!, { authorId: 2 });
        history.edits.push(edit(12, { contents: 'c lost', refusal: 403 }));
      },
    ],
    [
      'messages that have disappeared, with or without a deletion that came too late',
      ({ history }) => {
        history.fleeting.add(CHAT);
        history.deletions.splice(0, 1, deletion(12, { refusal: 404, failedWith: 'MESSAGE_DOES_NOT_EXIST' }));
      },
    ],
    [
      'a scheduled message that has failed because its author was restricted, and one that waits',
      ({ history, deeds }) => {
        history.scheduled.push(scheduled('x', { authorId: 2 }), scheduled('y', {}));
        deeds.scheduled.push({ clientId: 'x', state: 'failed', reason: 'RESTRICTED', sendAt: 8 * SECOND });
        deeds.scheduled.push({ clientId: 'y', state: 'waiting', reason: null, sendAt: 90 * SECOND });
      },
    ],
    [
      'a pin and a vote that overlap with others',
      ({ history }) => {
        history.pins.push({ messageId: 10, pinned: false, ...done(2 * SECOND) });
        history.votes.push({ userId: 2, messageId: 13, optionIds: [2], ...done(9 * SECOND) });
      },
    ],
    [
      'a send that was deleted before it was sent',
      ({ history }) => history.sends.push({ ...send('e', 1, 1), acknowledgements: [], isWithdrawn: true }),
    ],
    ['an edit that was overtaken by another', ({ history }) => history.edits.push(edit(11, { acknowledgedPts: 4 }))],
    [
      'a leap by a sync',
      ({ member }) => {
        remove(member.entries, (entry) => entry.kind === 'applied' && entry.pts === 5);
        const next = member.entries.findIndex((entry) => entry.kind === 'applied' && entry.pts === 6);
        member.entries[next] = { at: 5 * SECOND, connection: 1, kind: 'synced', chatId: CHAT, pts: 6 };
      },
    ],
    [
      'a stream that leaves out a number, and repeats on another connection what came after its id',
      ({ member }) => {
        useStream(member);
        remove(member.entries, (entry) => entry.kind === 'applied' && entry.pts === 5);
        const eighth = member.entries.findIndex((entry) => entry.kind === 'received' && entry.pts === 8);
        member.entries.splice(eighth, 0, id('x', 6.5 * SECOND));
        member.entries.push(connected(2, 10 * SECOND, 'x'));
        member.entries.push({ ...received(9, 'message.state', 11 * SECOND), connection: 2 });
      },
    ],
    [
      'events of a chat to which one was added again, of what was between too',
      (spoilt) => {
        addGuestAgain(spoilt);
        const { entries } = spoilt.guest;
        entries.push(received(10, 'chat.created', 9 * SECOND), received(9, 'message.created', 9 * SECOND));
        entries.push(received(undefined, 'typing', 9 * SECOND), taken(10, 9 * SECOND));
      },
    ],
    [
      'a gap after a hint, and after word that something is lost',
      ({ member: { entries } }) => {
        const isReceived = (pts: number) => (entry: Entry) => entry.kind === 'received' && entry.pts === pts;
        entries[entries.findIndex(isReceived(4))] = received(4, 'chat.advanced', 3 * SECOND);
        entries[entries.findIndex(isReceived(7))] = { at: 6 * SECOND, connection: 1, kind: 'resync' };
      },
    ],
    [
      'typing that comes a little after a removal of which one has not heard yet',
      ({ guest }) => guest.entries.splice(3, 0, received(undefined, 'typing', 9 * SECOND)),
    ],
    [
      'that a stream says of a chat that one is not in it',
      ({ guest }) => guest.entries.push(received(undefined, 'chat.left', 40 * SECOND)),
    ],
    [
      'an edit and a deletion that come after the deletion',
      ({ history }) => {
        history.edits.push(edit(12, { refusal: 404 }));
        history.deletions.push(deletion(12, { refusal: 404 }));
      },
    ],
    [
      'an edit of a message in a chat that its author was not always in',
      (spoilt) => {
        change(spoilt, 13, { authorId: 3 });
        Object.assign(spoilt.history.sends[3]!, { authorId: 3 });
        spoilt.history.edits.push(edit(13, { refusal: 404 }));
      },
    ],
    [
      'a change that comes to nobody, because the connection is gone',
      ({ chat, held, member }) => {
        member.entries.push({ at: 9 * SECOND, connection: 1, kind: 'disconnected', code: 1006 });
        chat.events.push({ pts: 10, committedAt: 10 * SECOND, kind: 'other', type: 'chat.updated' });
        chat.lastPts = held.pts = 10;
      },
    ],
    [
      'a setting that overlaps with another, and one of somebody who has left',
      ({ history }) => {
        history.settings.push(setting(2, { mutedUntil: LATER, begunAt: 9 * SECOND, answeredAt: 12 * SECOND }));
        history.settings.push(setting(3, { mutedUntil: LATER }));
      },
    ],
    [
      'a setting, and a read mark, of which nobody knows whether they were carried out',
      ({ history }) => {
        const never = { answeredAt: undefined, isAcknowledged: false };
        history.settings.push(setting(2, { mutedUntil: LATER, begunAt: 12 * SECOND, ...never }));
        history.readings.push({ mark: 'read', userId: 1, chatId: CHAT, acknowledgedId: undefined });
      },
    ],
  ];

  it.each(harmless)('%s', (_name, happen) => {
    expect(violations(happen)).toEqual([]);
  });
});

describe('the delays', () => {
  const longest = (during: (story: Story) => void) => {
    const told = story();
    postpone(told.member, 9, 20 * SECOND);
    during(told);
    return checkStory(told).delays.longest?.ms;
  };

  it('are told by the longest, the median, and how many were spared a sync', () => {
    const told = story();
    told.member.entries.splice(-1, 1, { ...applied(9, 20 * SECOND), kind: 'synced' });
    const { longest, medianMs, live, synced } = checkStory(told).delays;
    expect(longest).toMatchObject({ ms: 12 * SECOND, by: 'synced', change: { pts: 9 }, device: 'the member' });
    expect(medianMs).toBe(0);
    // That both took the chat, and the guest forgot it, is neither.
    expect({ live, synced }).toEqual({ live: 6, synced: 1 });
  });

  it('leave out the time in which nothing could come', () => {
    const from = 12 * SECOND;
    const span = { from, to: from + 3 * SECOND };
    expect(longest(({ history }) => history.databaseDown.push(span))).toBe(9 * SECOND);
    expect(longest(({ history }) => history.frozenNodes[0]!.push(span))).toBe(9 * SECOND);
    expect(longest(({ member }) => member.frozen.push(span))).toBe(9 * SECOND);
    expect(
      longest(({ member: { entries } }) => {
        entries.splice(-1, 0, { at: span.from, connection: 1, kind: 'disconnected', code: 1006 });
        entries.splice(-1, 0, connected(2, span.to));
      }),
    ).toBe(9 * SECOND);
  });
});

describe('what proves a protection', () => {
  it('is, of the dedupe, a duplicate, and not that a client_id is lost', () => {
    const withoutClientId = violations(({ chat }) => Object.assign(chat.messages[0]!, { clientId: null }));
    const twice = violations((spoilt) => {
      add(spoilt, 14, 'a', null);
    });
    expect(withoutClientId).not.toContainEqual(expect.stringMatching(EXPECTED.dedupe));
    expect(twice).toEqual([expect.stringMatching(EXPECTED.dedupe)]);
  });

  it.each(['reconciler', 'attach-first'] as const)('is, of %s, what is late or missing', (protection) => {
    const spoils: ((story: Story) => void)[] = [
      ({ member }) => {
        postpone(member, 9, 20 * SECOND);
      },
      ({ held }) => (held.pts = 8),
      ({ held }) => held.messages.delete(10),
      ({ member }) => {
        member.chats.clear();
      },
    ];
    for (const spoil of spoils) expect(violations(spoil)).toEqual([expect.stringMatching(EXPECTED[protection])]);
    expect(violations(({ held }) => (held.name = 'old'))).not.toEqual([expect.stringMatching(EXPECTED[protection])]);
  });
});

describe('what a run must have done:', () => {
  const done = {
    durationMs: 600_000,
    plannedKills: 26,
    kills: 20,
    acknowledged: 1000,
    retried: 100,
    deduplicated: 10,
    medianDelayMs: 5,
    live: 8000,
    synced: 2000,
    undone: [],
  };
  const lacking: [string, Partial<Work>, RegExp][] = [
    ['kills of nodes', { kills: 19 }, /only 19 nodes were killed, of 26/],
    ['kills in a short run', { durationMs: 28_000, plannedKills: 4, kills: 2 }, /only 2 nodes were killed/],
    ['sends', { acknowledged: 0 }, /not one send was acknowledged/],
    ['retries', { retried: 0 }, /not one send was retried/],
    ['sends that were known already', { deduplicated: 0 }, /not one send was deduplicated/],
    ['bans', { undone: ['bans'] }, /there were no bans/],
    ['events', { live: 83, synced: 1650 }, /only 83 changes came as events, 1650 by a sync/],
    ['events at once', { medianDelayMs: 3000 }, /changes took 3.00 s, by the median/],
  ];

  it.each(lacking)('%s', (_name, lack, expected) => {
    expect(collect(checkWork({ ...done, ...lack })).violations).toEqual([expect.stringMatching(expected)]);
  });

  it('is enough', () => {
    expect(collect(checkWork(done)).violations).toEqual([]);
    expect(
      collect(checkWork({ ...done, durationMs: 28_000, plannedKills: 4, kills: 3, undone: ['bans'] })).violations,
    ).toEqual([]);
  });
});
