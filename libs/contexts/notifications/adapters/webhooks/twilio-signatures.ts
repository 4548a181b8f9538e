import type { Provider } from '@nestjs/common';

import { ApiSettings } from '#platform/config/settings.js';

import { isSignedByTwilio } from './twilio-signature.js';

/** Checks that what comes to the webhook was sent by Twilio in the name of this installation's account. */
export class TwilioSignatures {
  constructor(
    private readonly token: string,
    private readonly publicUrl: string,
  ) {}

  /** @param path with its query, as it came: Twilio signs the whole address */
  verify(path: string, form: Readonly<Record<string, string>>, signature: string | undefined): boolean {
    const { token, publicUrl } = this;
    return (
      signature !== undefined &&
      isSignedByTwilio(signature, { url: publicUrl + path, fields: Object.entries(form), token })
    );
  }
}

export const twilioSignatures: Provider = {
  provide: TwilioSignatures,
  inject: [ApiSettings],
  useFactory: ({ smsToken, publicUrl, port }: ApiSettings) =>
    new TwilioSignatures(smsToken, publicUrl || `http://127.0.0.1:${port}`),
};
