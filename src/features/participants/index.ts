export { chatDoesNotExist } from './participants.errors.js';
export { ChatParams } from './participants.schemas.js';
