import { defineError } from '../../shared/errors.js';

export const reportYourself = defineError(400, 'REPORT_YOURSELF', "You can't report yourself.");
export const reportDoesNotExist = defineError(404, 'REPORT_DOES_NOT_EXIST', "This report doesn't exist.");
export const reportClaimed = defineError(409, 'REPORT_CLAIMED', 'Somebody else deals with this report.');
export const reportResolved = defineError(409, 'REPORT_RESOLVED', 'This report has been dealt with.');
