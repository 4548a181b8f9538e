import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Roles } from '#platform/auth/access-policy.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound, type Problem } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  conversionIdOf,
  creditsFollow,
  RecalculateConversion,
  RecordConversion,
  ReverseConversion,
  touchpointsFollow,
  visitorKeyOf,
} from '../../contract/index.js';
import { ConversionView, CreditsView } from '../../read-models/conversion-views.js';
import { ConversionListPage, ConversionQueries } from '../../read-models/conversion.queries.js';
import { CreditQueries, CreditsOptions } from '../../read-models/credit.queries.js';

const details = ['visitorId', 'conversionType', 'value', 'currency', 'occurredAt', 'externalId'] as const;

class NewConversion extends PickType(RecordConversion, details) {}
class Reversal extends PickType(ReverseConversion, ['reason']) {}

const conversion = { view: ConversionView, queries: ConversionQueries };

@ApiTags('attribution')
@ApiBearerAuth()
@Roles('analyst', 'admin')
@Controller('attribution/conversions')
export class ConversionsController {
  constructor(
    private readonly commands: Commands,
    private readonly conversions: ConversionQueries,
    private readonly credits: CreditQueries,
  ) {}

  @Post()
  @Roles('service', 'analyst', 'admin')
  @Sends(RecordConversion, {
    body: NewConversion,
    reads: conversion,
    summary: 'Record that a visitor did something of value',
    description:
      'With an `external_id`, such as the number of an order, it is recorded once however often it is sent: the same ' +
      'again is the first conversion, anything else is `conversion_already_exists`. `value` has at most two digits after ' +
      'the point. `occurred_at` is at most 90 days ago; left out, it is now.',
  })
  record(@Body() body: NewConversion, @NewId('conversionId') newId: string) {
    const { visitorId, externalId } = body;
    const conversionId = externalId === undefined ? newId : conversionIdOf(externalId);
    return this.commands.send(new RecordConversion({ ...body, visitorKey: visitorKeyOf(visitorId), conversionId }));
  }

  @Get()
  @Lists(ConversionView, ConversionListPage, {
    summary: 'The conversions, the latest first unless sorted otherwise',
    description:
      '`conversion_type` and `status` may be repeated. What occurred at `from` is included, at `to` excluded.',
  })
  list(@Query() page: ConversionListPage): Promise<Paged<Wire<ConversionView>>> {
    return this.conversions.list(page);
  }

  @Get(':conversion_id')
  @Reads(ConversionView, { summary: 'One conversion' })
  async byId(@Param('conversion_id', UuidPipe) conversionId: string): Promise<Wire<ConversionView>> {
    const found = await this.conversions.byId(conversionId);
    if (!found) throw unknown(conversionId);
    return found;
  }

  @Get(':conversion_id/credits')
  @Reads(CreditsView, {
    query: CreditsOptions,
    summary: 'What touchpoints earn of one conversion',
    description:
      'By the model `linear` unless another is given. With another `half_life_days` or `lookback_days` than it was ' +
      'calculated by, they are computed for this answer alone.',
    follows: [touchpointsFollow, creditsFollow],
  })
  async creditsOf(
    @Param('conversion_id', UuidPipe) conversionId: string,
    @Query() options: CreditsOptions,
  ): Promise<Wire<CreditsView>> {
    const found = await this.credits.of(conversionId, options);
    if (!found) throw unknown(conversionId);
    return found;
  }

  @Post(':conversion_id/reverse')
  @Roles('admin')
  @Sends(ReverseConversion, {
    body: Reversal,
    reads: conversion,
    summary: 'Have a conversion count no more',
    description: 'For good. Its touchpoints lead to the next conversion of the visitor.',
  })
  async reverse(@Param('conversion_id', UuidPipe) conversionId: string, @Body() body: Reversal) {
    const visitorKey = await this.#visitorOf(conversionId);
    return this.commands.send(new ReverseConversion({ ...body, visitorKey, conversionId }));
  }

  @Post(':conversion_id/recalculate')
  @Roles('admin')
  @Sends(RecalculateConversion, { reads: conversion, summary: 'Calculate a conversion by the settings of today' })
  async recalculate(@Param('conversion_id', UuidPipe) conversionId: string) {
    const visitorKey = await this.#visitorOf(conversionId);
    return this.commands.send(new RecalculateConversion({ visitorKey, conversionId }));
  }

  async #visitorOf(conversionId: string): Promise<string> {
    const visitorKey = await this.conversions.visitorKeyOf(conversionId);
    if (visitorKey === undefined) throw unknown(conversionId);
    return visitorKey;
  }
}

const unknown = (conversionId: string): Problem =>
  notFound('conversion_not_found', `there is no conversion ${conversionId}`);
