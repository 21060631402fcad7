import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { timeField, usuallyNull } from '../../database/index.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Time } from '../../shared/schema.js';
import type { Feature, Services } from '../feature.js';
import { disappearingJob } from './disappearing-job.js';

const expiresAt = timeField(
  'expires_at',
  Time('When it disappears: clients hide it from then on, and it is deleted. Not there: it stays.'),
  { optional: true, usual: usuallyNull('expires_at') },
);

const routes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, disappearingJob(services));
  done();
};

/** The timer is a rule of its chat: see `disappear_after_seconds` there. The send gives each message its time. */
export const disappearing: Feature = { name: 'disappearing', messageFields: [expiresAt], routes };
