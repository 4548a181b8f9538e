import type { WorkerSettings } from '#platform/config/settings.js';

/** What the settings say of how messages leave. */
export class MessagingSettings {
  readonly production: boolean;
  readonly publicUrl: string;
  readonly smtp: { readonly server: string; readonly from: string };
  readonly twilio: { readonly url: string; readonly account: string; readonly token: string };
  readonly sms: { readonly from: string };
  readonly push: { readonly url: string; readonly account: string };
  readonly whatsapp: { readonly from: string; readonly content: string };

  constructor(settings: WorkerSettings) {
    this.production = settings.nodeEnv === 'production';
    // Without a public address only this machine reaches the API, at its usual port.
    this.publicUrl = settings.publicUrl || 'http://127.0.0.1:8000';
    this.smtp = { server: settings.smtpUrl, from: settings.mailFrom };
    this.twilio = { url: settings.smsUrl, account: settings.smsAccount, token: settings.smsToken };
    this.sms = { from: settings.smsFrom };
    this.push = { url: settings.fcmUrl.replace(/\/$/, ''), account: settings.fcmServiceAccount };
    this.whatsapp = { from: settings.whatsappFrom, content: settings.whatsappContent };
  }
}
