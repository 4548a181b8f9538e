/** The characters of GSM 03.38, each worth one of 160. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Those that are worth two. */
const extended = new Set('\f^{}\\[~]|€');

const most = 3;
/** What fits into one message, and into each of several, which say in their header how they go together. */
const sizes = { gsm: { one: 160, part: 153 }, unicode: { one: 70, part: 67 } } as const;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many messages a text is sent, and charged, as. */
export function segments(text: string): number {
  const kind = isGsm(text) ? 'gsm' : 'unicode';
  const length = kind === 'gsm' ? septets(text) : text.length;
  const { one, part } = sizes[kind];
  return length <= one ? 1 : Math.ceil(length / part);
}

/** The text, or where it needs more than three messages, its beginning and where to read on. */
export function smsText(text: string, link: string): string {
  if (segments(text) <= most) return text;
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  const cut = (length: number): string => `${parts.slice(0, length).join('').trimEnd()}… ${link}`;
  let [fits, tooLong] = [0, parts.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (segments(gsmDots(cut(middle))) <= most) fits = middle;
    else tooLong = middle;
  }
  return gsmDots(cut(fits));
}

/** One character outside the alphabet would halve what fits: the ellipsis shall not be the only one. */
function gsmDots(text: string): string {
  const plain = text.replace(/… (\S+)$/, '... $1');
  return isGsm(plain) ? plain : text;
}

const isGsm = (text: string): boolean =>
  [...text].every((character) => basic.has(character) || extended.has(character));
const septets = (text: string): number =>
  [...text].reduce((sum, character) => sum + (extended.has(character) ? 2 : 1), 0);
