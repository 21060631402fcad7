/** Whether the server has public groups. */
export const arePublicGroupsOn = document.querySelector('meta[name="messenger-public-groups"]') !== null;
