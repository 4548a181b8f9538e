import { IsIn, IsUUID } from 'class-validator';

import { Command, Example, IsTime, Message, Optional } from '#kernel';

import { Currency, Money, Text, VisitorName } from './fields.js';
import { ConversionTypes, type ConversionType } from './vocabulary.js';

@Command('attribution.record_conversion.v1', 'visitorKey', { resource: 'conversionId', makes: true })
export class RecordConversion extends Message<RecordConversion> {
  @IsUUID() readonly visitorKey!: string;
  /** Follows from the external id, if there is one. */
  @IsUUID() readonly conversionId!: string;
  @VisitorName() @Example('v-81f3') readonly visitorId!: string;
  @IsIn(ConversionTypes, {
    message: `the type of a conversion must be one of ${ConversionTypes.join(', ')}`,
    context: { reason: 'conversion_type_invalid' },
  })
  @Example('purchase')
  readonly conversionType!: ConversionType;
  @Money() @Example('119.90') readonly value!: string;
  /** Left out: USD. */
  @Optional() @Currency() @Example('EUR') readonly currency?: string;
  /** Left out: when it was accepted. */
  @Optional() @IsTime() readonly occurredAt?: string;
  /** What its sender calls it, such as the number of an order: no two conversions have the same. */
  @Optional() @Text(255) @Example('order-10471') readonly externalId?: string;
}

@Command('attribution.reverse_conversion.v1', 'visitorKey', { resource: 'conversionId' })
export class ReverseConversion extends Message<ReverseConversion> {
  @IsUUID() readonly visitorKey!: string;
  @IsUUID() readonly conversionId!: string;
  @Text(500) @Example('The goods were sent back') readonly reason!: string;
}

/** By the settings of today. */
@Command('attribution.recalculate_conversion.v1', 'visitorKey', { resource: 'conversionId' })
export class RecalculateConversion extends Message<RecalculateConversion> {
  @IsUUID() readonly visitorKey!: string;
  @IsUUID() readonly conversionId!: string;
}
