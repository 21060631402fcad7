// Takes the healing away: what a killed process has not published, and what Redis has lost, stays unknown.
import { Healer } from '../../../dist/realtime/healer.js';
import { Realtime } from '../../../dist/realtime/realtime.js';
import { replaceMethod } from './replace-method.js';

replaceMethod(Healer, 'start', () => undefined);
replaceMethod(Realtime, 'brokerReturned', () => undefined);
