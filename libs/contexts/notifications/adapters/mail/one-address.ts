/**
 * One address as SMTP takes it, without quotes, comments, names or line ends: a list, or something that reads like another
 * header or command, is none.
 */
export const isOneAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(text);

/** A header is one line: whatever ends one, or could be taken for a command of the reader's screen, becomes a space. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
