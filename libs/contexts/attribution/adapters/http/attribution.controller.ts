import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsArray, IsObject } from 'class-validator';

import { Example, Message, type Wire } from '#kernel';
import { Roles } from '#platform/auth/access-policy.js';
import { Commands } from '#platform/commands/commands.js';
import { notFound } from '#platform/http/problem.js';
import { Reads } from '#platform/http/reads.decorator.js';
import type { Resource } from '#platform/http/resource.js';
import { Sends } from '#platform/http/sends.decorator.js';
import { TextPipe } from '#platform/http/text.pipe.js';

import {
  creditsFollow,
  settingsId,
  touchpointsFollow,
  UpdateAttributionSettings,
  type AttributionModel,
} from '../../contract/index.js';
import { SettingsView, VisitorJourneys } from '../../read-models/conversion-views.js';
import { JourneyQueries } from '../../read-models/journey.queries.js';
import { PerformanceView, ReportView } from '../../read-models/report-views.js';
import { PerformanceOptions, ReportOptions, ReportQueries } from '../../read-models/report.queries.js';
import { SettingsQueries } from '../../read-models/settings.queries.js';
import { modelDescriptions } from './model-descriptions.js';

class NewSettings extends PickType(UpdateAttributionSettings, [
  'lookbackDays',
  'halfLifeDays',
  'firstWeight',
  'lastWeight',
  'interactionWeights',
]) {}

class Models extends Message<Models> {
  @IsArray()
  @IsObject({ each: true })
  @Example(modelDescriptions)
  readonly items!: readonly { readonly model: AttributionModel; readonly description: string }[];
}

const settingsOfToday: Resource = { view: SettingsView, queries: SettingsQueries, alone: true };

@ApiTags('attribution')
@ApiBearerAuth()
@Roles('analyst', 'admin')
@Controller('attribution')
export class AttributionController {
  constructor(
    private readonly commands: Commands,
    private readonly journeys: JourneyQueries,
    private readonly reports: ReportQueries,
    private readonly settings: SettingsQueries,
  ) {}

  @Get('models')
  @Reads(Models, { summary: 'The models by which a value can be shared' })
  models(): Wire<Models> {
    return { items: modelDescriptions };
  }

  @Get('visitors/:visitor_id/journeys')
  @Reads(VisitorJourneys, {
    summary: 'What a visitor did, and what it led to',
    description: 'Of the latest 10,000 touchpoints. An `expired` journey has had none for longer than the lookback.',
    follows: [touchpointsFollow],
  })
  async journeysOf(@Param('visitor_id', TextPipe) visitorId: string): Promise<Wire<VisitorJourneys>> {
    const found = await this.journeys.of(visitorId);
    if (!found) throw notFound('visitor_not_found', `nobody has seen a visitor ${visitorId}`);
    return found;
  }

  @Get('reports')
  @Reads(ReportView, {
    query: ReportOptions,
    summary: 'Who earned what, by one model',
    description:
      'Of conversions that occurred at `from` or later and before `to`, in one `currency` (USD unless another is given: ' +
      'currencies are never added up). Reversed ones do not count. At most `limit` items (1,000 unless said otherwise).',
    follows: [creditsFollow],
    csv: {
      rows: ({ items }: Wire<ReportView>) => items,
      columns: ['key', 'conversions', 'attributed_value', 'touchpoints'],
    },
  })
  report(@Query() options: ReportOptions): Promise<Wire<ReportView>> {
    return this.reports.report(options);
  }

  @Get('performance')
  @Reads(PerformanceView, {
    query: PerformanceOptions,
    summary: 'How partners and campaigns are seen, whether visitors convert or not',
    follows: [touchpointsFollow],
    csv: {
      rows: ({ items }: Wire<PerformanceView>) => items,
      columns: ['key', 'clicks', 'views', 'engagements', 'unique_visitors', 'weighted_score', 'click_through_rate'],
    },
  })
  performance(@Query() options: PerformanceOptions): Promise<Wire<PerformanceView>> {
    return this.reports.performance(options);
  }

  @Get('settings')
  @Reads(SettingsView, { summary: 'The settings of today' })
  current(): Promise<Wire<SettingsView>> {
    return this.settings.byId();
  }

  @Put('settings')
  @Roles('admin')
  @Sends(UpdateAttributionSettings, {
    body: NewSettings,
    reads: settingsOfToday,
    summary: 'Change the settings: what is left out goes back to its default',
    description: 'They hold for what is recorded from now on, and for conversions that are recalculated.',
  })
  update(@Body() body: NewSettings) {
    return this.commands.send(new UpdateAttributionSettings({ ...body, settingsId }));
  }
}
