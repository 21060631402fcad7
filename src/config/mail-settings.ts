import type { Environment } from './schema.js';

/** How mails are sent, and how they look. */
export interface MailSettings {
  /** Where they are sent through; undefined: they stay in the development mailbox. */
  readonly smtpUrl: string | undefined;
  readonly from: { readonly name: string; readonly address: string };
  /** The name of the host application. */
  readonly appName: string;
  /** Of buttons: #rrggbb. */
  readonly color: string;
  readonly logoUrl: string | undefined;
  /** The page of the host application that takes `?token=`; undefined: mails show only the code. */
  readonly linkUrl: string | undefined;
}

/** No mail with this sender leaves the process. */
const DEVELOPMENT_SENDER = 'messenger@localhost';

/** @returns undefined for a server that sends no mail. */
export function mailSettings(environment: Environment): MailSettings | undefined {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from = DEVELOPMENT_SENDER, MAIL_APP_NAME: appName } = environment;
  if (smtpUrl === undefined && environment.DEVELOPMENT === 'off') return undefined;
  const [, name = '', address = from] = /^(.*)<(.+)>$/.exec(from) ?? [];
  return {
    smtpUrl,
    from: { name: unquoted(name.trim()) || appName, address },
    appName,
    color: environment.MAIL_COLOR,
    logoUrl: environment.MAIL_LOGO_URL,
    linkUrl: environment.MAIL_LINK_URL,
  };
}

/** People write "Ada, Inc." <address> as they would in a mail; the quotes are no part of the name. */
function unquoted(name: string): string {
  return /^"(.*)"$/.exec(name)?.[1] ?? name;
}

/** @returns a line for each thing that does not go together. */
export function mailErrors(values: Environment, wrong: ReadonlySet<keyof Environment>): string[] {
  if (values.SMTP_URL === undefined || values.MAIL_FROM !== undefined || wrong.has('SMTP_URL')) return [];
  return ['MAIL_FROM is required with SMTP_URL: the address that mails come from.'];
}
