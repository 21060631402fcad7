import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const MESSAGE = {
  id: 2 ** 40,
  created_at: '2026-11-23T09:12:00.000Z',
  updated_at: '2026-11-23T09:12:00.000Z',
  contents: 'hello',
  author_id: 5,
  version: 42,
};

/** A sync of a later version: a change of a kind that is known, one of a kind that is not, and a field that is not. */
const SYNC = {
  epoch: '5f0c9c1e-6a52-4b0e-9d3b-7f6a1c2e8d54',
  has_more: false,
  joined: [],
  left: [],
  chats: [
    {
      ...{ chat_id: 6, pts: 58, has_more: false, too_long: false, last_read_message_id: null, unread_count: 0 },
      ...{ muted_until: null, pinned: false, archived: false, private: {}, notifications: 'default', read_marks: [] },
      ...{ marked_unread: false, unread_mentions: 0, draft: null, draft_reply_to_id: null, draft_revision: 0 },
      ...{ own_role: 'member', own_rights: ['send'] },
      changes: [
        { type: 'message.state', pts: 57, data: MESSAGE },
        { type: 'message.pinned', pts: 58, data: { id: 8, by: { id: 5, username: 'ada' } } },
      ],
      later: true,
    },
  ],
  me: {
    ...{ me_pts: 13, has_more: false, reset: false },
    changes: [
      {
        type: 'chat.settings',
        me_pts: 12,
        data: {
          ...{ chat_id: 6, muted_until: null, pinned: true, archived: false, private: {}, notifications: 'default' },
          ...{ own_role: 'member', own_rights: ['send'] },
        },
      },
      { type: 'chat.draft', me_pts: 13, data: { chat_id: 6, contents: 'hel' } },
    ],
  },
};

const error = (status: number, code: string) => ({
  status_code: status,
  details: { code, message: 'Only a later version says this.', request_id: '3f0c9c1e-6a52-4b0e-9d3b-7f6a1c2e8d54' },
});

/** Answers of a later version, with which the clients of today must get along. */
const ANSWERS: Record<string, { status: number; body: object }> = {
  'POST /sync': { status: 200, body: SYNC },
  // A new code with a status that the operation lists, and one with a status that it does not.
  'GET /chat/1': { status: 404, body: error(404, 'CHAT_ARCHIVED') },
  'GET /user/me': { status: 402, body: error(402, 'PLAN_EXPIRED') },
};

export async function startStandIn() {
  const server = createServer((request, response) => {
    const { status, body } = ANSWERS[`${request.method ?? ''} ${request.url ?? ''}`] ?? {
      status: 501,
      body: error(501, 'NOT_PLAYED'),
    };
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
