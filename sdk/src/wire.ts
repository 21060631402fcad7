import type { components } from './generated/wire.js';

type Schemas = components['schemas'];

/** A message as the server has it. @useDeclaredType */
export type Message = Schemas['Message'];
/** What a message may have beside its text. @useDeclaredType */
export type SendOptions = Omit<Schemas['SendMessage'], 'contents' | 'client_id'>;
/** What an edit may give beside the contents; what is not given stays. */
export type EditOptions = Pick<Schemas['ChangeMessage'], 'mentions'>;
export type SentMessage = Schemas['SentMessage'];
export type MessagePage = Schemas['MessagePage'];
export type Chat = Schemas['Chat'];
export type ChatWithParticipants = Schemas['ChatWithParticipants'];
export type ChatSettings = Schemas['ChatSettings'];
/** What of a chat can be changed for the user alone. @useDeclaredType */
export type ChangeChatSettings = Schemas['ChangeChatSettings'];
/** What of the user's own profile can be changed. @useDeclaredType */
export type ChangeMe = Schemas['ChangeMe'];
/** The user's folders of chats, in their order. @useDeclaredType */
export type FolderList = Schemas['FolderList'];
/** When the user is reminded of a message. @useDeclaredType */
export type Reminder = Schemas['Reminder'];
/** A message that is sent later. @useDeclaredType */
export type ScheduledMessage = Schemas['ScheduledMessage'];
/** What a thread is to the user alone. @useDeclaredType */
export type ThreadState = Schemas['ThreadState'];
/** How the user has voted in a poll. @useDeclaredType */
export type Vote = Schemas['Vote'];
/** Whether the user has muted somebody. @useDeclaredType */
export type Mute = Schemas['Mute'];
export type ReadMark = Schemas['ReadMark'];
/** The user themselves. @useDeclaredType */
export type User = Schemas['User'];
/** Somebody, as they are named along the way. @useDeclaredType */
export type ShortUser = Schemas['ShortUser'];
/** Somebody's whole profile. @useDeclaredType */
export type Profile = Schemas['Profile'];
/** Whether somebody is there, or when they were. @useDeclaredType */
export type UserPresence = Schemas['UserPresence'];
export type ApiError = Schemas['ApiError'];

export type SyncRequest = Schemas['SyncRequest'];
export type SyncAnswer = Schemas['SyncAnswer'];
export type SyncedChat = Schemas['SyncedChat'];
export type SessionStart = Schemas['SessionStart'];

/** A change of the user's own log, of a kind that this client knows. */
export type OwnChange = Schemas['KnownOwnChange'];

export type ClientFrame = Schemas['ClientFrame'];
export type ServerFrame = Schemas['ServerFrame'];
export type StreamEvent = Schemas['StreamEvent'];

type Answered = Schemas[
  | 'ServerReady'
  | 'ServerPong'
  | 'ServerReadDone'
  | 'ServerDeliveredDone'
  | 'ServerSendDone'
  | 'ServerSyncDone'
  | 'ServerError'
  | 'ServerPresenceUnsubscribeDone'];

/** What happens, as the socket and the event stream tell it. */
export type ServerEvent = Exclude<ServerFrame, Answered> | Exclude<StreamEvent, Schemas['StreamTokenExpiring']>;

/** A durable change of a chat that is there already, live or by a sync. */
export type ChatChange =
  | Exclude<Extract<ServerEvent, { chat_id: number; pts: number; data: object }>, { type: 'chat.created' }>
  | (Schemas['KnownChange'] & { readonly chat_id?: number });
