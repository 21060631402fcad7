// Takes the client_id away from every message on its way to the database, so that a retry is a new message.
import pg from 'pg';
import { replaceMethod } from './replace-method.js';

/** Which of the statement's values the client_ids are. */
const CLIENT_IDS = 3;

const query = replaceMethod(pg.Pool, 'query', function (statement, ...rest) {
  if (statement.name?.startsWith('message_send')) statement.values[CLIENT_IDS] = null;
  return query.call(this, statement, ...rest);
});
