import { derivedId, fold, on, projection } from '#kernel';

import {
  ConversionAlreadyExists,
  ConversionAttributed,
  ConversionRecorded,
  ConversionReversed,
  ConversionUnattributed,
  defaultSettings,
} from '../contract/index.js';
import { ConversionListRow } from './conversion-list.entity.js';

type OfConversion = Pick<ConversionRecorded, 'visitorKey' | 'conversionId'>;

export const conversionRowOf = ({ visitorKey, conversionId }: OfConversion): string =>
  derivedId('attribution.conversion_list', visitorKey, conversionId);

export const conversionList = projection('attribution.conversion_list', ConversionListRow, {
  inline: true,
  key: (event) => conversionRowOf(event as OfConversion),
  unique: { conversion_list_conversion: () => new ConversionAlreadyExists() },
  fold: fold(
    on(ConversionRecorded, (_, conversion, { occurredAt }) => ({
      id: conversionRowOf(conversion),
      conversionId: conversion.conversionId,
      externalId: conversion.externalId ?? null,
      visitorKey: conversion.visitorKey,
      visitorId: conversion.visitorId,
      conversionType: conversion.conversionType,
      value: conversion.value,
      currency: conversion.currency,
      occurredAt: new Date(conversion.occurredAt),
      status: 'unattributed',
      calculationVersion: 0,
      touchpointIds: [],
      settings: defaultSettings,
      recordedAt: occurredAt,
      reversedAt: null,
      reversalReason: null,
    })),
    on(ConversionAttributed, (row, { calculationVersion, settings, touchpoints }) => ({
      ...row,
      status: 'attributed',
      calculationVersion,
      settings,
      touchpointIds: touchpoints.map(({ touchpoint_id: id }) => id),
    })),
    on(ConversionUnattributed, (row, { calculationVersion, settings }) => ({
      ...row,
      status: 'unattributed',
      calculationVersion,
      settings,
      touchpointIds: [],
    })),
    on(ConversionReversed, (row, { reason, reversedAt }) => ({
      ...row,
      status: 'reversed',
      reversedAt: new Date(reversedAt),
      reversalReason: reason,
    })),
  ),
});
