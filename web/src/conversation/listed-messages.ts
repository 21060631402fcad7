import type { MessageList } from 'messenger-client';

/** Messages in their order, the oldest first: of a chat, or of a thread. */
export type ListedMessages = Pick<MessageList, 'length' | 'at' | 'indexOf' | 'slice' | 'hasOlder' | 'isLoading'>;
