import { Type } from '@sinclair/typebox';
import { Id, Ref } from '../../shared/schema.js';
import type { Feature } from '../feature.js';
import { TYPING_EVENT, typingFrames } from './typing.frames.js';

const Typist = Type.Object({ user_id: Id() }, { $id: 'Typist', description: 'Who is typing.' });

export const typing: Feature = {
  name: 'typing',
  models: [Typist],
  ephemeral: [
    { type: TYPING_EVENT, description: 'Somebody is typing: show it for six seconds.', data: Ref(Typist), of: 'chat' },
  ],
  frames: typingFrames,
};
