import type { TSchema } from '@sinclair/typebox';
import type { ChangeKind } from '../changes/index.js';
import { Projection, type MessageRow, type ReadModel } from '../database/index.js';
import type { EventDescription } from '../realtime/index.js';
import { admin } from './admin/index.js';
import { apiKeys } from './api-keys/index.js';
import { auth } from './auth/index.js';
import { badge } from './badge/index.js';
import { blocks } from './blocks/index.js';
import { mutes } from './mutes/index.js';
import { chatFields, chats, ownProjection } from './chats/index.js';
import { connections } from './connections/index.js';
import { disappearing } from './disappearing/index.js';
import { drafts } from './drafts/index.js';
import { email } from './email/index.js';
import { emailChange } from './email-change/index.js';
import { exporting } from './export/index.js';
import type { Feature, MessageRules, Registry } from './feature.js';
import { forwards } from './forwards/index.js';
import { filters } from './filters/index.js';
import { folders } from './folders/index.js';
import { hostUsers } from './host-users/index.js';
import { invites } from './invites/index.js';
import { leaving } from './leaving/index.js';
import { MESSAGE_STATE, messages } from './messages/index.js';
import { messageVersions } from './message-versions/index.js';
import { moderation } from './moderation/index.js';
import { mentions } from './mentions/index.js';
import { messageCustom } from './message-custom/index.js';
import { opening } from './opening/index.js';
import { passwordReset } from './password-reset/index.js';
import { participants } from './participants/index.js';
import { pins } from './pins/index.js';
import { polls } from './polls/index.js';
import { presence } from './presence/index.js';
import { publicGroups } from './public-groups/index.js';
import { reads } from './reads/index.js';
import { reactions } from './reactions/index.js';
import { receipts } from './receipts/index.js';
import { replies } from './replies/index.js';
import { reports } from './reports/index.js';
import { roles } from './roles/index.js';
import { sessions } from './sessions/index.js';
import { reminders } from './reminders/index.js';
import { scheduledMessages } from './scheduled-messages/index.js';
import { serverChats } from './server-chats/index.js';
import { serverUsers } from './server-users/index.js';
import { syncing } from './sync/index.js';
import { threads } from './threads/index.js';
import { typing } from './typing/index.js';
import { twoFactor } from './two-factor/index.js';
import { personProjection, profileProjection, userProjection, users } from './users/index.js';

export { createAdmin, grantAdmin, listAdmins, requireAdmin, revokeAdmin } from './admin/index.js';
export { SCOPES, createKey, isScope, listKeys, requireKey, requireUser, revokeKey } from './api-keys/index.js';
export { Registration, createUser, hashPassword, normalizeNames } from './auth/index.js';
export { asksForSocket } from './connections/index.js';
export { MessageFilters } from './filters/index.js';
export type { Feature, Services } from './feature.js';
export { removeAsOperator } from './two-factor/index.js';

/** Every part of the API, in the order in which the documents have them. */
export const features: readonly Feature[] = [
  auth,
  sessions,
  twoFactor,
  email,
  emailChange,
  passwordReset,
  connections,
  users,
  blocks,
  mutes,
  chats,
  opening,
  participants,
  roles,
  invites,
  publicGroups,
  moderation,
  reads,
  badge,
  folders,
  drafts,
  reminders,
  scheduledMessages,
  messages,
  replies,
  reactions,
  pins,
  polls,
  forwards,
  mentions,
  messageCustom,
  messageVersions,
  receipts,
  threads,
  disappearing,
  typing,
  presence,
  syncing,
  apiKeys,
  serverUsers,
  serverChats,
  hostUsers,
  admin,
  reports,
  filters,
  leaving,
  exporting,
];

const kinds = features.flatMap(({ changes = [] }) => changes);

export const registry: Registry = {
  kinds,
  messageFields: features.flatMap(({ messageFields = [] }) => messageFields),
  messageInputs: features.flatMap(({ messageInputs = [] }) => messageInputs),
  afterSend: features.flatMap(({ afterSend = [] }) => afterSend),
  afterEdit: features.flatMap(({ afterEdit = [] }) => afterEdit),
  afterDelete: features.flatMap(({ afterDelete = [] }) => afterDelete),
  events: [
    ...kinds.map(eventOf),
    { ...MESSAGE_STATE, of: 'chat', isNumbered: true, isOnlyOnStream: true },
    ...features.flatMap(({ ephemeral = [] }) => ephemeral),
  ],
};

function eventOf({ type, description, data, keeps }: ChangeKind): EventDescription {
  return { type, description, data, of: keeps === 'own state' ? 'user' : 'chat', isNumbered: true };
}

/** The named schemas of all features. */
export function modelsOf(rules: MessageRules): readonly TSchema[] {
  return features.flatMap(({ models = [] }) => (typeof models === 'function' ? models(registry, rules) : models));
}

/** What the API shows of the database. */
export const readModel: ReadModel = readModelOf(registry);

function readModelOf({ kinds, messageFields, messageInputs }: Registry): ReadModel {
  const message = Projection.of(messageFields) as unknown as Projection<MessageRow>;
  return {
    user: userProjection,
    person: personProjection,
    profile: profileProjection,
    message,
    messageInputs: [
      ...messageFields.flatMap(({ name, input }) => (input ? [{ name, type: input }] : [])),
      ...messageInputs,
    ],
    chat: Projection.of(chatFields(message)),
    own: ownProjection,
    ownStates: kinds.filter((kind) => kind.keeps === 'own state'),
    growth: kinds.flatMap((kind) =>
      kind.keeps === 'event' && kind.growth !== undefined ? [{ type: kind.type, factor: kind.growth }] : [],
    ),
  };
}
