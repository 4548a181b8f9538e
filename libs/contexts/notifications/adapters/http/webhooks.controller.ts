import { Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

import { Message } from '#kernel';
import { Public, Uncounted } from '#platform/auth/access-policy.js';
import { BackgroundCommands } from '#platform/commands/background-commands.js';
import { AnswersProblems, headers } from '#platform/http/answers.js';
import { TakesForm } from '#platform/http/form.js';
import { requestScope } from '#platform/http/request-scope.js';

import { RecordDelivery, SignatureInvalid } from '../../contract/index.js';
import { TwilioSignatures } from '../webhooks/twilio-signatures.js';

class Reported extends Message<Reported> {
  /** As it stands in the address that the provider was given. */
  @IsUUID() readonly notification!: string;
}

/** Providers report here what becomes of messages. What they send proves itself, and is not counted. */
@ApiTags('notifications')
@Uncounted()
@Controller('notifications/webhooks')
export class WebhooksController {
  constructor(
    private readonly signatures: TwilioSignatures,
    private readonly background: BackgroundCommands,
  ) {}

  @Post('twilio')
  @Public()
  @TakesForm()
  @HttpCode(204)
  @ApiOperation({
    summary: 'What became of a message, as Twilio reports it',
    description:
      'A form that Twilio signs with the account’s token. Reports of what is not known are taken, and ignored. 503 when a ' +
      'report could not be kept: send it again.',
  })
  @ApiHeader({ name: 'X-Twilio-Signature', required: true, schema: { type: 'string' } })
  @ApiResponse({ status: 204, description: 'Taken.', headers: headers() })
  @AnswersProblems(400, 403, 406, 413, 415, 503)
  async twilio(@Query() { notification }: Reported): Promise<void> {
    const { request } = requestScope();
    const form = texts(request.body);
    const signature = request.headers['x-twilio-signature'];
    if (!this.signatures.verify(request.url, form, typeof signature === 'string' ? signature : undefined))
      throw new SignatureInvalid();
    const { MessageSid: externalId = '', MessageStatus: providerStatus = '' } = form;
    if (externalId === '' || externalId.length > 255 || providerStatus.length > 50) return;
    await this.background.handOver(
      `notifications.twilio.${externalId}.${providerStatus}`,
      new RecordDelivery({ notificationId: notification, externalId, providerStatus }),
      { id: 'system', roles: ['admin'] },
    );
  }
}

/** What Twilio signs are the texts of a form. */
const texts = (body: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(typeof body === 'object' && body !== null ? body : {}).filter(
      (field): field is [string, string] => typeof field[1] === 'string',
    ),
  );
