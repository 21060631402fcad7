import { field, usuallyNull, withOwnEdit } from '../../database/index.js';
import { CustomData, CustomDataPatch, NewCustomData, patchCustomData } from '../../shared/custom-data.js';
import { withoutNulls } from '../../shared/json.js';
import type { MessageInputField } from '../feature.js';

const DESCRIPTION = 'What programs attach to the message, for everybody in the chat to read.';

export const customOfMessage = field('custom', CustomData(`${DESCRIPTION} Not there while it is empty.`), {
  optional: true,
  usual: usuallyNull('custom'),
  ...withOwnEdit('custom'),
});

export const customInput: MessageInputField = {
  name: 'custom',
  type: 'jsonb',
  schema: NewCustomData(DESCRIPTION),
  editSchema: CustomDataPatch(DESCRIPTION),
  take: (given, before) => {
    const data = patchCustomData('custom', (before ?? null) as CustomData | null, given as CustomData);
    // Answers of some requests leave out what is null on any level, so that it is never kept.
    return data && withoutNulls(data);
  },
};
