export { chatDoesNotExist } from './participants.errors.js';
export { lockChat, recordChange } from './participants.queries.js';
export { ChatParams } from './participants.schemas.js';
export { beginChange } from './participants.service.js';
