/**
 * Who and what is in the data, so that a request can be made without looking for it:
 * regular users, each in twenty chats among themselves; collectors, who are in many chats; one hot chat; and crowded ones.
 */
export const WORLD = {
  /** Users 1 to this, who made the chats of the same numbers. */
  regulars: 100,
  chatsOfRegular: 20,
  /** The first of the five people who write in the hot chat and in all that are not the regulars'. */
  firstAuthor: 101,
  authors: 5,
  /** The first of the chats that the collectors are in. */
  firstCollected: 101,
  collectors: [
    { userId: 106, chats: 10 },
    { userId: 107, chats: 100 },
    { userId: 108, chats: 1000 },
  ],
  hotChat: 1101,
  /** A chat of two of the authors. */
  pairChat: 1105,
  /** Chats with many people: the five authors, and users from firstUserId on. */
  crowds: [
    { chatId: 1102, people: 50 },
    { chatId: 1103, people: 500 },
    { chatId: 1104, people: 5000 },
  ],
  firstOfCrowd: 200,
  /** In how many chats, besides those, each user from firstOfCrowd on is. */
  otherChats: 5,
} as const;

/** Everybody's. */
export const PASSWORD = 'correct horse battery staple';
