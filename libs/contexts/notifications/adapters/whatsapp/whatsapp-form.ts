import { callback, sender, type TwilioForm } from '../twilio/twilio-carrier.js';

/** Twilio takes no longer text. https://www.twilio.com/docs/api/errors/21617 */
const most = 1_600;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * WhatsApp takes text of its own accord only from whoever was written to within the last 24 hours. All else must have
 * the form of a template that it approved: one with a single variable, which is the message.
 * https://www.twilio.com/docs/api/errors/63016
 * @param content the id of that template; empty: as text
 */
export const whatsAppForm =
  (from: string, content: string, publicUrl: string): TwilioForm =>
  (message) => {
    const text = cut(message.message, `${publicUrl}/notifications/${message.notificationId}`);
    // What fills a template must be one line.
    const line = text.replace(/\s+/g, ' ').trim();
    return {
      To: `whatsapp:${message.recipient}`,
      ...sender(from, 'whatsapp:'),
      ...(content ? { ContentSid: content, ContentVariables: JSON.stringify({ 1: line }) } : { Body: text }),
      StatusCallback: callback(publicUrl, message),
    };
  };

/** Between characters; and says where to read on. */
function cut(text: string, link: string): string {
  if (text.length <= most) return text;
  const left = most - link.length - 2;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > left) break;
    kept += segment;
  }
  return `${kept.trimEnd()}… ${link}`;
}
