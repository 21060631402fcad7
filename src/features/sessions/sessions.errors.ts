import { defineError } from '../../shared/errors.js';

export const sessionNotFound = defineError(404, 'SESSION_NOT_FOUND', 'The user has no such session.');
export const noSession = defineError(400, 'NO_SESSION', 'This token belongs to no session.');
