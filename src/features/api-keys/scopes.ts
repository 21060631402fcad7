/** What an API key may do, and what for. */
export const SCOPES = {
  'users:read': 'Read any user.',
  'users:write': 'Create and change users.',
  'tokens:mint': 'Make access tokens for users, and end them.',
  act_as: 'Ask as a user, by the header `Act-As`.',
  'chats:read': 'Read any chat and its messages.',
  'chats:write': 'Open and change chats, add and remove people.',
  'messages:write': 'Send messages as the application.',
  admin: 'Manage API keys and suspend users; all that the others may, too.',
} as const;

export type Scope = keyof typeof SCOPES;

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}
