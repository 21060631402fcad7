import { field, usuallyNull, withOwnEdit } from '../../database/index.js';
import { CustomData, CustomDataPatch, patchCustomData } from '../../shared/custom-data.js';
import type { MessageInputField } from '../feature.js';

const DESCRIPTION = 'What programs attach to the message, for everybody in the chat to read.';

const Patch = CustomDataPatch(DESCRIPTION);

export const customOfMessage = field('custom', CustomData(`${DESCRIPTION} Not there while it is empty.`), {
  optional: true,
  usual: usuallyNull('custom'),
  ...withOwnEdit('custom'),
});

/** Answers of some requests leave out what is null on any level, so that it is never kept. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === null ? [] : [[name, withoutNulls(item)]])),
  );
}

export const customInput: MessageInputField = {
  name: 'custom',
  type: 'jsonb',
  schema: Patch,
  editSchema: Patch,
  take: (given, before) => {
    const data = patchCustomData('custom', (before ?? null) as CustomData | null, given as CustomData);
    return data && withoutNulls(data);
  },
};
