// Takes the healing away: what a killed process has not published, and what Redis has lost, stays unknown.
import { Healer } from '../../../dist/realtime/healer.js';
import { Hub } from '../../../dist/realtime/hub.js';

Healer.prototype.start = () => undefined;
Hub.prototype.brokerReturned = () => undefined;
