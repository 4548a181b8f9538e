/** At most 20 characters, and most probably nobody else's. */
export function defaultUsername(email: string, userId: string): string {
  const local = email
    .slice(0, Math.max(0, email.lastIndexOf('@')))
    .toLowerCase()
    .replaceAll(/[^A-Za-z0-9_]/g, '')
    .slice(0, 13);
  return `${local || 'user'}_${userId.replaceAll('-', '').slice(-6)}`;
}
