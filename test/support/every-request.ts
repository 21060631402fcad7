import type { Answer, Person } from './client.js';

/** Asks each request that needs a token and succeeds once, in a private chat and a group of their own. @returns the answers. */
export async function everyRequest([ada, bob, eve]: readonly [Person, Person, Person]): Promise<Answer[]> {
  const chatId = await ada.openPrivate(bob);
  const group = await ada.openGroup([bob], 'Größe 大小');
  const { id } = await ada.send(chatId, 'Grüße 你好 🎉', 'c1');
  await ada.send(group, 'two');
  return [
    await ada.get('/user/me'),
    await ada.patch('/user/bio', { bio: 'x' }),
    await ada.get('/user/chats'),
    await ada.put(`/user/blocks/${eve.id}`),
    await ada.get('/user/blocks'),
    await ada.get('/user/search?q=bob'),
    await ada.patch('/user/me', { shows_last_seen: false }),
    await ada.delete(`/user/blocks/${eve.id}`),
    await ada.get(`/chat/${group}`),
    await ada.get(`/chat/${group}/participants`),
    await ada.get(`/chat/${group}/messages`),
    await ada.get(`/chat/${chatId}/messages`),
    await bob.post(`/chat/${chatId}/read`, { message_id: id }),
    await ada.patch(`/message/${id}`, { contents: 'edited' }),
    await ada.delete(`/message/${id}`),
    await ada.patch(`/chat/${group}`, { name: 'another' }),
    await ada.patch(`/chat/${group}/settings`, { pinned: true }),
    await ada.post(`/chat/${group}/participants`, { user_ids: [eve.id] }),
    await ada.delete(`/chat/${group}/participants/${eve.id}`),
    await ada.post('/sync', { epoch: null, chats: { [group]: 1 }, me_pts: 0 }),
  ];
}
