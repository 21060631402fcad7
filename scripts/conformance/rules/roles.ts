import type { Rule } from '../rule.js';

export const roleRules: readonly Rule[] = [
  {
    name: 'own-rights',
    section: 'roles',
    says: "own_rights follow the user's role, and for a member the group's member_rights.",
    async play(stage) {
      const chatId = await stage.group();
      await stage.start();
      stage.needField('own_rights');
      await stage.bob.change(chatId, { member_rights: ['send'] });
      await stage.settled('after the rights of members had changed');
      await stage.bob.giveRole(chatId, stage.me, 'moderator');
      await stage.settled('after the user was given another role');
      await stage.bob.change(chatId, { member_rights: ['send', 'invite'] });
      await stage.settled('after the rights of members had changed, of whom the user is none');
      await stage.away(() => stage.bob.giveRole(chatId, stage.me, 'member'));
      await stage.settled('after the user was made a member again while the client was away');
    },
  },
];
