import { callback, sender, type TwilioForm } from '../twilio/twilio-carrier.js';
import { smsText } from './sms-text.js';

/** @param from a number, a name, or the id of a messaging service */
export const smsForm =
  (from: string, publicUrl: string): TwilioForm =>
  (message) => ({
    To: message.recipient,
    ...sender(from),
    Body: smsText(message.message, `${publicUrl}/notifications/${message.notificationId}`),
    StatusCallback: callback(publicUrl, message),
  });
