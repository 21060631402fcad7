import { Type } from '@sinclair/typebox';

/** The answer of a change that has nothing else to say. */
export const SUCCESS = { success: true } as const;

export const Success = Type.Object(
  { success: Type.Boolean({ description: 'Always true.' }) },
  { $id: 'SuccessAnswer', description: 'It is done.', examples: [SUCCESS] },
);
