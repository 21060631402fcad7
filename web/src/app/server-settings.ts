/** What the server's page says of its settings. */
function settingOf(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="messenger-${name}"]`)?.content;
}

/** Whether the server has public groups. */
export const arePublicGroupsOn = settingOf('public-groups') !== undefined;

/** Whether anyone may be anyone, to try things out. */
export const isDevelopment = settingOf('development') !== undefined;

/** As many characters as a message has at the most. */
export const MAX_LENGTH = Number(settingOf('message-max-length') ?? 2047);
