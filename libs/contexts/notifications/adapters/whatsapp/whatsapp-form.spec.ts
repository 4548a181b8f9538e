import { describe, expect, it } from '@jest/globals';

import type { OutgoingMessage } from '../../application/ports.js';
import { whatsAppForm } from './whatsapp-form.js';

const notificationId = '0198c0de-0000-7000-8000-000000000001';
const link = `https://api.example.org/notifications/${notificationId}`;
const content = `HX${'0'.repeat(32)}`;
const message = (text: string): OutgoingMessage => ({
  notificationId,
  recipient: '+4930123456',
  title: 'News',
  message: text,
  attempt: 1,
  listUnsubscribe: true,
});
const posted = (text: string, template = '', from = '+15005550006') =>
  whatsAppForm(from, template, 'https://api.example.org')(message(text));

describe('A message by WhatsApp', () => {
  it('goes from number to number, and says where to report what becomes of it', () => {
    expect(posted('The labour has begun.')).toEqual({
      To: 'whatsapp:+4930123456',
      From: 'whatsapp:+15005550006',
      Body: 'The labour has begun.',
      StatusCallback: `https://api.example.org/api/v1/notifications/webhooks/twilio?notification=${notificationId}`,
    });
  });

  it('comes from a messaging service where one is set', () => {
    const service = `MG${'0'.repeat(32)}`;
    const form = posted('The labour has begun.', '', service);
    expect(form).toMatchObject({ MessagingServiceSid: service });
    expect(form).not.toHaveProperty('From');
  });

  it('fills the approved template where one is set, in one line', () => {
    const form = posted('The labour\n\nhas  begun: “go”.', content);
    expect(form).toMatchObject({ ContentSid: content });
    expect(JSON.parse(form.ContentVariables as string)).toEqual({ 1: 'The labour has begun: “go”.' });
    expect(form).not.toHaveProperty('Body');
  });

  it('stays as it is where it is not too long', () => {
    expect(posted('a'.repeat(1_600)).Body).toBe('a'.repeat(1_600));
  });

  it('is cut between characters where it is, and says where to read on', () => {
    const family = '👨‍👩‍👧';
    const body = posted(family.repeat(300)).Body as string;
    const [, kept = ''] = /^(.*)… (\S+)$/u.exec(body) ?? [];
    expect(kept).toBe(family.repeat(kept.length / family.length));
    expect(body.endsWith(` ${link}`)).toBe(true);
    expect(body.length).toBeLessThanOrEqual(1_600);
    expect(body.length).toBeGreaterThan(1_580);
  });
});
