import { Controller, Get, Header, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { AnswersProblems, headers } from '../http/answers.js';
import { schemaRef } from '../http/schemas.js';
import { Public, Uncounted } from './access-policy.js';
import { TokenKeys } from './token-keys.js';

const text = { type: 'string' } as const;

const keySetSchema = schemaRef('JsonWebKeySet', {
  type: 'object',
  additionalProperties: false,
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['kty', 'crv', 'x', 'y', 'kid', 'use', 'alg'],
        properties: { kty: text, crv: text, x: text, y: text, kid: text, use: text, alg: text },
      },
    },
  },
});

@ApiTags('auth')
@Public()
@Uncounted()
@Controller({ path: '.well-known/jwks.json', version: VERSION_NEUTRAL })
export class JwksController {
  constructor(private readonly keys: TokenKeys) {}

  // As long as a new key is known everywhere before it signs: docs/configuration.md.
  @Get()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({ summary: 'The public keys that verify access tokens (RFC 7517)' })
  @ApiResponse({
    status: 200,
    description: 'All of them; the `kid` of a token names its own.',
    headers: headers(),
    content: { 'application/json': { schema: keySetSchema } },
  })
  @AnswersProblems(400)
  published(): TokenKeys['published'] {
    return this.keys.published;
  }
}
