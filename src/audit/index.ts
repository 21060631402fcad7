export { OPERATOR, SYSTEM, actorOf, type Actor } from './actor.js';
export { AUDIT_ACTIONS, audit, type AuditEntry } from './audit.js';
