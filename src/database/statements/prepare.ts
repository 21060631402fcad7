import type { ReadModel } from '../read-model.js';
import { findBadge } from './badge.js';
import { findChats, listChats } from './chats.js';
import {
  messagesAscending,
  messagesDescending,
  sendMessages,
  sendMessagesPatiently,
  sendPlainMessages,
} from './messages.js';
import { findNewFilters } from './filters.js';
import { participantPage } from './participants.js';
import { checkMemberships, findEpoch, findJoins, findLastJoin, findMemberships, findPositions } from './positions.js';
import { findContacts, markSeen } from './presence.js';
import { moveReadMark } from './read-marks.js';
import { moveDeliveredMark } from './receipts.js';
import { findChangedProfiles, findChatsOfUsers, findLastProfileChange, findProfile } from './profiles.js';
import { findRevocations, findSuspendedUsers } from './revocations.js';
import { findSeenMessages } from './seen-messages.js';
import { syncChats } from './sync.js';
import { findTyping } from './typing.js';
import { findTypos, searchUsers } from './user-search.js';
import { findOwnPositions, findPeople, findUsers } from './users.js';

export type PreparedStatements = ReturnType<typeof prepareStatements>;

/** Every prepared statement of the server. */
export function prepareStatements(model: ReadModel) {
  const { chat, person, message, messageInputs } = model;
  return {
    findUsers: findUsers(model.user),
    findPeople: findPeople(person),
    findOwnPositions,
    findTypos,
    searchUsers: searchUsers(person, undefined),
    findProfile: findProfile(model.profile),
    findLastProfileChange,
    findChangedProfiles: findChangedProfiles(model.profile),
    findChatsOfUsers,
    findNewFilters,
    findRevocations,
    findSuspendedUsers,
    findContacts: findContacts('all'),
    findContactsInSome: findContacts('some'),
    findBadge: findBadge('all'),
    findSomeBadge: findBadge('some'),
    findTyping,
    markSeen,
    listPlainChats: listChats(chat, 'all', 'plain'),
    listChats: listChats(chat, 'all', 'whole'),
    listSomeChats: listChats(chat, 'some', 'whole'),
    listChatsShadowed: listChats(chat, 'all', 'shadowed'),
    listSomeChatsShadowed: listChats(chat, 'some', 'shadowed'),
    findChats: findChats(chat, person),
    participantPage: participantPage(person, 'all'),
    participantsMeant: participantPage(person, 'meant'),
    findMemberships,
    checkMemberships,
    findPositions,
    findJoins,
    findLastJoin,
    findEpoch,
    moveReadMark,
    moveDeliveredMark,
    messagesAscending: messagesAscending(message, person, { threads: 'included', form: 'whole' }),
    messagesDescending: messagesDescending(message, person, { threads: 'included', form: 'whole' }),
    messagesAscendingApart: messagesAscending(message, person, { threads: 'apart', form: 'whole' }),
    messagesDescendingApart: messagesDescending(message, person, { threads: 'apart', form: 'whole' }),
    plainMessagesAscending: messagesAscending(message, person, { threads: 'included', form: 'plain' }),
    plainMessagesDescending: messagesDescending(message, person, { threads: 'included', form: 'plain' }),
    findSeenMessages,
    sendPlainMessages: sendPlainMessages(message),
    sendMessages: sendMessages(message, messageInputs),
    sendMessagesPatiently: sendMessagesPatiently(message, messageInputs),
    syncChats: syncChats(model, 'all'),
    syncSomeChats: syncChats(model, 'some'),
  };
}
