// Takes the reconciler away: what a killed process has not published, and what the broker has lost, stays unknown.
import { Reconciler } from '../../../dist/realtime/delivery/reconciler.js';
import { Realtime } from '../../../dist/realtime/realtime.js';
import { replaceMethod } from './replace-method.js';

replaceMethod(Reconciler, 'start', () => undefined);
replaceMethod(Realtime, 'brokerReturned', () => undefined);
