import { Type } from '@sinclair/typebox';
import { Id } from '../shared/schema.js';

/** The path of everything inside of a chat, which only its participants may see. */
export const ChatParams = Type.Object({ chat_id: Id('The chat.', { examples: [6] }) });
