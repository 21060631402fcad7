import { isDeepStrictEqual } from 'node:util';
import { groupBy } from '../group-by.js';
import type { DatabaseMessage, DatabasePoll, DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { Deposit, History, Pin, PollChange, Vote } from './history.js';
import { possiblyLast } from './tries.js';

/** Of what people do with messages and chats nothing that was acknowledged is lost, as long as the message is there. */
export function* checkDeeds(history: History, database: DatabaseState): Generator<Problems> {
  const messages = new Map(database.chats.flatMap((chat) => chat.messages.map((message) => [message.id, message])));
  const isThere = ({ messageId }: { readonly messageId: number }) => messages.has(messageId);
  for (const [id, tries] of groupBy(history.pins.filter(isThere), ({ messageId }) => messageId)) {
    yield [...checkPins(id, tries, database)];
  }
  const ballots = new Map(database.ballots.map((ballot) => [keyOf(ballot), ballot.optionIds]));
  for (const [key, tries] of groupBy(history.votes.filter(isThere), keyOf)) {
    yield [...checkVotes(key, tries, ballots.get(key) ?? [])];
  }
  for (const message of messages.values()) {
    yield message.isPinned === undefined || message.isPinned === database.pins.has(message.id)
      ? []
      : [`message ${message.id} says ${message.isPinned ? '' : 'not '}that it is pinned`];
    if (message.poll) yield [...checkTally(message, message.poll, database)];
  }
  for (const change of history.pollChanges.filter(isThere)) {
    yield [...checkPollChange(change, messages.get(change.messageId)?.poll)];
  }
  for (const deposit of history.deposits) yield checkDeposit(deposit, database);
}

function keyOf({ userId, messageId }: { readonly userId: number; readonly messageId: number }): string {
  return `user ${userId} in the poll ${messageId}`;
}

function* checkPins(messageId: number, tries: readonly Pin[], { pins }: DatabaseState): Generator<string> {
  if (!tries.some(({ isAcknowledged }) => isAcknowledged)) return;
  const isPinned = pins.has(messageId);
  if (possiblyLast(tries).some(({ pinned }) => pinned === isPinned)) return;
  yield isPinned
    ? `message ${messageId} is pinned, though it was acknowledged that the pin is taken back`
    : `the acknowledged pin of message ${messageId} is lost`;
}

function* checkVotes(key: string, tries: readonly Vote[], kept: readonly number[]): Generator<string> {
  if (!tries.some(({ isAcknowledged }) => isAcknowledged)) return;
  const possible = possiblyLast(tries);
  if (possible.some(({ optionIds }) => isDeepStrictEqual(optionIds, kept))) return;
  const last = possible.map(({ optionIds }) => `[${optionIds.join()}]`).join(' or ');
  yield `the acknowledged vote of ${key} is lost: there is [${kept.join()}], not ${last}`;
}

/** A poll counts the ballots. */
function* checkTally({ id }: DatabaseMessage, poll: DatabasePoll, { ballots }: DatabaseState): Generator<string> {
  const mine = ballots.filter(({ messageId }) => messageId === id);
  for (const { id: optionId, votes = 0 } of poll.options) {
    const count = mine.filter(({ optionIds }) => optionIds.includes(optionId)).length;
    if (count !== votes) yield `option ${optionId} of the poll ${id} has ${votes} votes, and ${count} people chose it`;
  }
}

function* checkPollChange({ messageId, text, isAcknowledged }: PollChange, poll: DatabasePoll | undefined) {
  if (!isAcknowledged) return;
  if (text === undefined) {
    if (poll?.closed_at === undefined)
      yield `the poll ${messageId} is open, though it was acknowledged that it is closed`;
  } else if (!poll?.options.some((option) => option.text === text)) {
    yield `the acknowledged option "${text}" of the poll ${messageId} is lost`;
  }
}

function checkDeposit(
  { what, userId, targetId, isAcknowledged }: Deposit,
  { reports, filed }: DatabaseState,
): Problems {
  if (!isAcknowledged) return [];
  const isKept =
    what === 'report'
      ? reports.some((each) => each.userId === userId && each.messageId === targetId)
      : filed.some((each) => each.userId === userId && each.chatId === targetId);
  if (isKept) return [];
  return [
    what === 'report'
      ? `the acknowledged report of message ${targetId} by user ${userId} is lost`
      : `chat ${targetId} is not in the folder of user ${userId}, which was acknowledged`,
  ];
}
