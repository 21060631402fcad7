import { Projection, field, timeField } from '../../database/index.js';
import { CustomData } from '../../shared/custom-data.js';
import { Id, Text, Time } from '../../shared/schema.js';
import { MAX_CONTENTS } from '../messages/index.js';

export const versionFields = [
  field('version', Id('The `version` that the message had when it was last so.')),
  field('contents', Text({ minLength: 1, maxLength: MAX_CONTENTS, description: 'What was written.' })),
  field('custom', CustomData('What programs had attached to it. Not there while that was nothing.'), {
    optional: true,
  }),
  timeField('written_at', Time('When its author wrote it so.')),
  timeField('replaced_at', Time('When its author wrote it otherwise.')),
] as const;

export const versionProjection = Projection.of(versionFields);
