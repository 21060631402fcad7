import type { Answer, Person } from './client.js';

const HOUR = 3_600_000;
const after = (ms: number) => new Date(Date.now() + ms).toISOString();

/**
 * Asks each request that succeeds once, of those that need a user's token and leave account and sessions as they are, in chats of their own.
 * @returns the answers.
 */
export async function everyRequest(people: readonly [Person, Person, Person]): Promise<Answer[]> {
  return [
    ...(await ofUsers(people)),
    ...(await ofChats(people)),
    ...(await ofMessages(people)),
    ...(await ofPolls(people)),
    ...(await ofModeration(people)),
  ];
}

type People = readonly [Person, Person, Person];

async function ofUsers([ada, bob, eve]: People): Promise<Answer[]> {
  const chatId = await ada.openPrivate(bob);
  return [
    await ada.get('/user/me'),
    await ada.get(`/user/${bob.id}`),
    await ada.patch('/user/bio', { bio: 'x' }),
    await ada.get('/user/chats'),
    await ada.put(`/user/blocks/${eve.id}`),
    await ada.get('/user/blocks'),
    await ada.put(`/user/mutes/${eve.id}`, { until: after(HOUR) }),
    await ada.get('/user/mutes'),
    await ada.delete(`/user/mutes/${eve.id}`),
    await ada.get('/user/search?q=bob'),
    await ada.patch('/user/me', { shows_last_seen: false }),
    await ada.delete(`/user/blocks/${eve.id}`),
    await ada.get('/user/badge'),
    await ada.get('/user/sessions'),
    await ada.get('/user/two-factor'),
    await ada.put('/user/folders', { folders: [{ id: 'work', name: 'Work' }] }),
    await ada.get('/user/folders'),
    await ada.put(`/user/folders/work/chats/${chatId}`),
    await ada.delete(`/user/folders/work/chats/${chatId}`),
    await ada.get('/user/me/export'),
  ];
}

async function ofChats([ada, bob, eve]: People): Promise<Answer[]> {
  const group = await ada.openGroup([bob], 'Größe 大小');
  const url = `/chat/${group}`;
  const invite = async (needs_approval: boolean) =>
    (await ada.post(`${url}/invite-links`, { needs_approval })).body as { id: number; token: string };
  const [open, asking] = [await invite(false), await invite(true)];
  await ada.send(group, 'two');
  const scheduled = async () =>
    (await ada.post(`${url}/scheduled`, { contents: 'later', send_at: after(HOUR) })).body.id as number;
  return [
    await ada.get(url),
    await ada.get(`${url}/participants`),
    await ada.get(`${url}/participants?q=bob`),
    await ada.patch(url, { name: 'another' }),
    await ada.patch(`${url}/settings`, { pinned: true }),
    await ada.post(`${url}/participants`, { user_ids: [eve.id] }),
    await ada.patch(`${url}/participants/${eve.id}`, { role: 'moderator' }),
    await ada.delete(`${url}/participants/${eve.id}`),
    await ada.get(`${url}/invite-links`),
    await eve.post('/invite/preview', { token: open.token }),
    await eve.post('/invite/join', { token: open.token }),
    await eve.delete(`${url}/participants/${eve.id}`),
    await eve.post('/invite/join', { token: asking.token }),
    await ada.get(`${url}/join-requests`),
    await ada.delete(`${url}/join-requests/${eve.id}`),
    await eve.post('/invite/join', { token: asking.token }),
    await ada.put(`${url}/join-requests/${eve.id}`),
    await ada.delete(`${url}/invite-links/${open.id}`),
    await eve.delete(`${url}/participants/${eve.id}`),
    await ada.patch(url, { public: true, no_forward: true }),
    await eve.get('/chats/public?q=another'),
    await eve.post(`${url}/join`, undefined),
    await bob.post(`${url}/unread`, undefined),
    await ada.put(`${url}/draft`, { contents: 'not yet' }),
    await ada.delete(`${url}/draft`),
    await ada.patch(`/scheduled/${await scheduled()}`, { contents: 'still later' }),
    await ada.get('/user/scheduled'),
    await ada.post(`/scheduled/${await scheduled()}/send`, undefined),
    await ada.delete(`/scheduled/${await scheduled()}`),
    await ada.patch(url, { disappear_after_seconds: 3600, slow_mode_seconds: 10, history_from_now: true }),
    await ada.post('/sync', { epoch: null, chats: { [group]: 1 }, me_pts: 0, people_pts: 0, badge: true }),
  ];
}

async function ofMessages([ada, , bob]: People): Promise<Answer[]> {
  const chatId = await ada.openPrivate(bob);
  const group = await ada.openGroup([bob]);
  const { id } = await ada.send(chatId, 'Grüße 你好 🎉', 'c1');
  const message = `/message/${id}`;
  const send = (body: object) => bob.post(`/chat/${chatId}/message`, { contents: 'more', ...body });
  const reply = await send({ reply_to_id: id, mentions: { user_ids: [ada.id] }, custom: { n: 1 } });
  const inThread = await send({ thread_id: id });
  const copy = await ada.post(`/chat/${group}/forward`, { message_id: id });
  return [
    ...[reply, inThread, copy],
    await ada.put(`${message}/reactions/👍`),
    await bob.put(`${message}/reactions/👍`),
    await ada.get(`${message}/reactions`),
    await ada.get(`/chat/${chatId}/messages`),
    await ada.get(`/chat/${chatId}/messages?threads=apart&order=desc`),
    await ada.get(`/chat/${chatId}/messages?around=${id}`),
    await bob.get(message),
    await ada.delete(`${message}/reactions/👍`),
    await bob.post(`/chat/${chatId}/delivered`, { message_id: id }),
    await bob.post(`/chat/${chatId}/read`, { message_id: id }),
    await ada.get(`${message}/receipts`),
    await ada.put(`${message}/reminder`, { remind_at: after(HOUR) }),
    await ada.get('/user/reminders'),
    await ada.delete(`${message}/reminder`),
    await ada.put(`${message}/pin`, { until: after(HOUR) }),
    await ada.get(`/chat/${chatId}/pins`),
    await ada.delete(`${message}/pin`),
    await ada.get(`${message}/thread`),
    await ada.get('/user/threads'),
    await ada.delete(`${message}/thread/follow`),
    await ada.put(`${message}/thread/follow`),
    await ada.put(`${message}/thread/read`, { message_id: inThread.body.id }),
    await ada.get(`/message/${copy.body.id}/source`),
    await ada.patch(message, { contents: 'edited' }),
    await ada.get(`${message}/versions`),
    await bob.post('/sync', { epoch: null, chats: { [chatId]: 1 }, me_pts: 0 }),
    await ada.delete(message),
  ];
}

async function ofPolls([ada, bob]: People): Promise<Answer[]> {
  const group = await ada.openGroup([bob]);
  const poll = { question: 'When?', options: ['now', 'later'], results: 'after_vote', may_add_options: true };
  const asked = await ada.post(`/chat/${group}/message`, { contents: '?', poll });
  const url = `/message/${asked.body.id}`;
  return [
    asked,
    await bob.get(`/chat/${group}/messages`),
    await bob.put(`${url}/poll/votes`, { option_ids: [1] }),
    await bob.get(`/chat/${group}/messages`),
    await bob.get(`${url}/poll`),
    await bob.get(`${url}/poll/options/1/voters`),
    await bob.post(`${url}/poll/options`, { text: 'never' }),
    await ada.post(`${url}/poll/close`, undefined),
  ];
}

async function ofModeration([ada, bob, eve]: People): Promise<Answer[]> {
  const group = await ada.openGroup([bob, eve]);
  const { id } = await bob.send(group, 'rude');
  const url = `/chat/${group}`;
  return [
    await ada.put(`${url}/participants/${bob.id}/restriction`, { reason: 'spam', until: after(HOUR) }),
    await ada.get(`${url}/restrictions`),
    await ada.delete(`${url}/participants/${bob.id}/restriction`),
    await ada.put(`${url}/participants/${bob.id}/shadow`, { reason: 'spam', until: after(HOUR) }),
    await ada.get(`${url}/shadows`),
    await ada.delete(`${url}/participants/${bob.id}/shadow`),
    await eve.post('/reports', { message_id: id, reason: 'spam' }),
    await eve.get('/user/reports'),
    await ada.put(`${url}/bans/${bob.id}`, { reason: 'spam', delete_messages: 'last_24h' }),
    await ada.get(`${url}/bans`),
    await ada.delete(`${url}/bans/${bob.id}`),
  ];
}
