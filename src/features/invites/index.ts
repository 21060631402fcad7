import type { Feature } from '../feature.js';
import { inviteEvents, JoinRequested } from './invites.events.js';
import { joinRoutes } from './join.routes.js';
import { joinRequestRoutes } from './join-requests.routes.js';
import { JoinRequestList } from './join-requests.schemas.js';
import { inviteLinkRoutes } from './invite-links.routes.js';
import { CreateInviteLink, InviteLink, InviteLinkList, NewInviteLink } from './invite-links.schemas.js';
import { InviteToken, Joining, InvitePreview } from './join.schemas.js';

export { addJoiner } from './add-joiner.js';
export { withRight } from './invite-links.service.js';
export { isParticipant } from './invites.queries.js';
export { Joining } from './join.schemas.js';

export const invites: Feature = {
  name: 'invites',
  tag: { name: 'Invitations', description: 'Links by which people join groups, and requests to join.' },
  models: [
    ...[CreateInviteLink, InviteLink, NewInviteLink, InviteLinkList, InviteToken, InvitePreview, Joining],
    ...[JoinRequestList, JoinRequested],
  ],
  ephemeral: inviteEvents,
  routes: (app, services, done) => {
    app.register(inviteLinkRoutes, services);
    app.register(joinRoutes, services);
    app.register(joinRequestRoutes, services);
    done();
  },
};
