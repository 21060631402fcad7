import { describe, expect, it } from 'vitest';
import { useApp } from '../support/app.js';
import { register, uniqueName, type Person } from '../support/client.js';

const test = useApp();

const user = (fields: object) => {
  const name = uniqueName();
  return test.db.user.create({ data: { username: name, email: `${name}@x.org`, password: '$argon2id$x', ...fields } });
};

async function someone(): Promise<{ ada: Person; bob: Person; chatId: bigint }> {
  const [ada, bob] = [await register(test), await register(test)];
  return { ada, bob, chatId: BigInt(await ada.openPrivate(bob)) };
}

// What the API refuses the database refuses too, from all who write to it: a later version, a script, Prisma Studio.
describe('the database refuses', () => {
  it('a user like another but for the case', async () => {
    const { username } = await register(test);
    await expect(user({ username: username.toUpperCase() })).rejects.toThrow('user_username_key');
  });

  it.each([
    ['user_username_check', { username: 'a b' }],
    ['user_username_check', { username: '' }],
    ['user_email_check', { email: 'UPPER@example.com' }],
    ['user_email_check', { email: 'nothing' }],
    ['user_password_check', { password: 'in clear' }],
    ...[
      ['a b'],
      ['a,b'],
      ['a', ''],
      ['"'],
      ['{a}'],
      ['x'.repeat(65)],
      Array.from({ length: 101 }, (_, n) => `t${n}`),
    ].map((teams): [string, object] => ['user_teams_check', { teams }]),
  ])('%s: %j', async (constraint, fields) => {
    await expect(user(fields)).rejects.toThrow(constraint);
  });

  it('a bio that is too long', async () => {
    await expect(user({ bio: 'x'.repeat(65) })).rejects.toThrow();
  });

  it.each([
    ['chat_name_check', { type: 'group' as const }],
    ['chat_participant_count_check', { type: 'group' as const, name: 'x', participant_count: -1 }],
    ['chat_name_check', { type: 'private' as const, name: 'x', private_key: '1000001:1000002' }],
    ['chat_private_key_check', { type: 'private' as const }],
    ['chat_private_key_check', { type: 'private' as const, private_key: '1000002:1000001' }],
    ['chat_private_key_check', { type: 'private' as const, private_key: '1000001:1000001' }],
    ['chat_private_key_check', { type: 'private' as const, private_key: 'x' }],
    ['chat_private_key_check', { type: 'group' as const, name: 'x', private_key: '1000001:1000002' }],
  ])('%s: %j', async (constraint, fields) => {
    const { id } = await register(test);
    await expect(test.db.chat.create({ data: { creator_id: BigInt(id), ...fields } })).rejects.toThrow(constraint);
  });

  it('a second private chat of a pair', async () => {
    const { ada, bob } = await someone();
    const data = { creator_id: BigInt(bob.id), type: 'private' as const, private_key: `${ada.id}:${bob.id}` };
    await expect(test.db.chat.create({ data })).rejects.toThrow('chat_private_key_key');
  });

  it('a message without contents, with a pts that is taken, or with a client_id that its author has used', async () => {
    const { ada, chatId } = await someone();
    const data = { chat_id: chatId, author_id: BigInt(ada.id), contents: 'x', pts: 5n, client_id: 'c1' };
    await test.db.message.create({ data });
    await expect(test.db.message.create({ data: { ...data, contents: '' } })).rejects.toThrow('message_contents_check');
    await expect(test.db.message.create({ data: { ...data, client_id: 'c2' } })).rejects.toThrow('message_chat_id_pts');
    await expect(test.db.message.create({ data: { ...data, pts: 6n } })).rejects.toThrow('message_author_id_client_id');
    await expect(test.db.message.create({ data: { ...data, pts: 0n, client_id: null } })).rejects.toThrow('pts_check');
  });

  it('a last message that is of another chat, and the removal of one that is a last message', async () => {
    const { ada, bob, chatId } = await someone();
    const other = BigInt(await ada.openGroup([bob]));
    const { id } = await ada.send(Number(chatId), 'x');
    await expect(test.db.chat.update({ where: { id: other }, data: { last_message_id: BigInt(id) } })).rejects.toThrow(
      'chat_id_last_message_id_fkey',
    );
    await expect(test.db.message.delete({ where: { id: BigInt(id) } })).rejects.toThrow('last_message');
  });

  it('an event whose kind is no name of one', async () => {
    const { ada, chatId } = await someone();
    const data = { chat_id: chatId, pts: 9n, type: 'Chat exploded', actor_id: BigInt(ada.id) };
    await expect(test.db.chatEvent.create({ data })).rejects.toThrow('chat_event_type_check');
  });

  it('the removal of a user who takes part in a chat', async () => {
    const { bob } = await someone();
    await expect(test.db.user.delete({ where: { id: BigInt(bob.id) } })).rejects.toThrow('user_id_fkey');
  });
});
