import { describe, expect, it } from 'vitest';
import { asRead, expectError, registerMany, type Person } from '../../support/client.js';
import { EventReader } from '../../support/event-reader.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

interface Group {
  readonly host: Host;
  readonly ada: Person;
  readonly eve: Person;
  readonly chatId: number;
}

/** A group in which Ada has written "one" and "two", and which Eve then joins. */
async function joined(historyFrom?: (ids: number[]) => string): Promise<Group & { ids: number[] }> {
  const host = await Host.of(test);
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  const ids = [(await ada.send(chatId, 'one')).id, (await ada.send(chatId, 'two')).id];
  const history_from = historyFrom?.(ids);
  const body = { members: [String(eve.id)], ...(history_from !== undefined && { history_from }) };
  expect((await host.post(`/server/chats/${chatId}/members`, body)).body).toMatchObject({ changed: 1 });
  return { host, ada, eve, chatId, ids };
}

async function contentsFor(person: Person, chatId: number, query = ''): Promise<string[]> {
  const { status, body } = await person.get(`/chat/${chatId}/messages${query}`);
  expect(status).toBe(200);
  return body.messages.map(({ contents }: { contents: string }) => contents);
}

const sync = async (person: Person, chats: Record<string, number>) => {
  const { body: fresh } = await person.post('/sync', { epoch: null, chats: {} });
  return (await person.post('/sync', { epoch: fresh.epoch, chats })).body;
};

describe('history_from', () => {
  it('is all of it unless it is given', async () => {
    const { eve, chatId } = await joined();
    expect(await contentsFor(eve, chatId)).toEqual(['one', 'two']);
    const said = await joined(() => 'all');
    expect(await contentsFor(said.eve, said.chatId)).toEqual(['one', 'two']);
  });

  it('now: nothing that was written before is on a page, in the list, or in a sync', async () => {
    const { ada, eve, chatId } = await joined(() => 'now');
    expect(await contentsFor(eve, chatId)).toEqual([]);
    expect(await contentsFor(eve, chatId, '?order=desc')).toEqual([]);
    expect((await eve.get(`/chat/${chatId}`)).body).toMatchObject({ last_message: null, unread_count: 0 });
    expect((await eve.get('/user/chats')).body.chats[0]).toMatchObject({ last_message: null, unread_count: 0 });
    const { joined: chats } = (await eve.post('/sync', { epoch: null, chats: {} })).body;
    expect(chats).toMatchObject([{ id: chatId, last_message: null }]);
    // A device that had more, of an earlier time in the group, takes the chat afresh.
    expect((await sync(eve, { [chatId]: 1 })).chats[0]).toMatchObject({ too_long: true, changes: [] });

    const three = await ada.send(chatId, 'three');
    expect(await contentsFor(eve, chatId)).toEqual(['three']);
    expect((await eve.get('/user/chats')).body.chats[0]).toMatchObject({
      last_message: asRead(three),
      unread_count: 1,
    });
    expect(await contentsFor(ada, chatId)).toEqual(['one', 'two', 'three']);
  });

  it('is a message from which on everything is seen; one that is yet to come is the next one', async () => {
    const { eve, chatId } = await joined(([, two]) => String(two));
    expect(await contentsFor(eve, chatId)).toEqual(['two']);
    expect((await eve.get(`/chat/${chatId}`)).body).toMatchObject({ unread_count: 0 });
    const late = await joined(() => '9000000000000000');
    const three = await late.ada.send(late.chatId, 'three');
    expect(await contentsFor(late.eve, late.chatId)).toEqual(['three']);
    expect((await late.eve.get(`/chat/${late.chatId}`)).body.last_message).toEqual(asRead(three));
  });

  it('has no preview of what is hidden when a newer message is deleted', async () => {
    const { ada, eve, chatId } = await joined(() => 'now');
    const { id } = await ada.send(chatId, 'three');
    await ada.delete(`/message/${id}`);
    expect((await eve.get('/user/chats')).body.chats[0]).toMatchObject({ id: chatId, last_message: null });
    expect((await ada.get('/user/chats')).body.chats[0].last_message.contents).toBe('two');
  });

  it('hides edits of what is hidden, on sockets, streams and in syncs, and leaves no gap', async () => {
    const { ada, eve, chatId, ids } = await joined(() => 'now');
    const [adas, eves, stream] = [await Socket.of(ada), await Socket.of(eve), await EventReader.open(eve)];
    const before = (await eve.get(`/chat/${chatId}`)).body.pts as number;
    expect((await ada.patch(`/message/${ids[0]}`, { contents: 'secret' })).status).toBe(200);
    const four = await ada.send(chatId, 'four');
    const hint = { type: 'chat.advanced', chat_id: chatId, pts: before + 1 };
    expect(await eves.take('chat.advanced')).toEqual(hint);
    expect(await adas.take('chat.advanced')).toEqual(hint);
    for (let event = await stream.event(); event.data?.id !== four.id; event = await stream.event()) {
      expect(JSON.stringify(event)).not.toContain('secret');
    }
    expect(JSON.stringify(await eves.rest())).not.toContain('secret');

    expect((await sync(eve, { [chatId]: before })).chats[0]).toMatchObject({
      pts: before + 2,
      changes: [{ type: 'message.state', pts: before + 2, data: { id: four.id } }],
    });
    expect((await sync(ada, { [chatId]: before })).chats[0].changes).toMatchObject([
      { type: 'message.state', data: { contents: 'secret' } },
      { type: 'message.state', data: { id: four.id } },
    ]);
  });

  it('is a message that does not exist to who may not see it, even their own of an earlier time', async () => {
    const { host, ada, eve, chatId } = await joined();
    const own = await eve.send(chatId, 'mine');
    await ada.delete(`/chat/${chatId}/participants/${eve.id}`);
    await host.post(`/server/chats/${chatId}/members`, { members: [String(eve.id)], history_from: 'now' });
    expectError(await eve.patch(`/message/${own.id}`, { contents: 'x' }), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await eve.delete(`/message/${own.id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('goes over to people whom such a member adds, and not to others', async () => {
    const { ada, eve, chatId } = await joined(() => 'now');
    const [byEve, byAda] = await registerMany(test, 2);
    const socket = await Socket.of(byEve!);
    expect((await eve.post(`/chat/${chatId}/participants`, { user_ids: [byEve!.id] })).status).toBe(200);
    const { data } = await socket.take('chat.created');
    const shown = (await byEve!.get(`/chat/${chatId}`)).body;
    expect(data).toEqual(shown);
    expect(shown).toMatchObject({ last_message: null, unread_count: 0 });
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [byAda!.id] });
    expect(await contentsFor(byEve!, chatId)).toEqual([]);
    expect(await contentsFor(byAda!, chatId)).toEqual(['one', 'two']);
  });

  it('is for those who are added by PUT, and leaves members as they are', async () => {
    const host = await Host.of(test);
    const [ada, eve] = await registerMany(test, 2);
    const url = `/server/chats/key:${ada!.username}`;
    const { chat } = (await host.put(url, { members: [String(ada!.id)], history_from: 'now' })).body;
    await ada!.send(chat.id, 'one');
    const members = [String(ada!.id), String(eve!.id)];
    expect((await host.put(url, { members, history_from: 'now' })).body.outcome).toBe('updated');
    expect((await host.put(url, { members, history_from: 'all' })).body.outcome).toBe('unchanged');
    expect(await contentsFor(ada!, chat.id)).toEqual(['one']);
    expect(await contentsFor(eve!, chat.id)).toEqual([]);
    // The host application itself sees everything.
    expect((await host.get(`/server/chats/${chat.id}/messages`)).body.count).toBe(1);
  });

  it.each(['', 'never', '0', '-1', '1.5', '99999999999999999'])('refuses %o', async (history_from) => {
    const host = await Host.of(test);
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const body = { members: [String(ada.id)], history_from };
    const errors = { history_from: expect.any(String) };
    expectError(await host.post(`/server/chats/${chatId}/members`, body), 422, 'VALIDATION_ERROR', { errors });
  });
});
