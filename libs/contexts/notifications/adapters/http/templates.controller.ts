import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Roles } from '#platform/auth/access-policy.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { Channels, CreateTemplate, templateIdOf, UpdateTemplate, type Channel } from '../../contract/index.js';
import { TemplateView } from '../../read-models/template-views.js';
import { TemplateListPage, TemplateQueries } from '../../read-models/template.queries.js';
import { changes } from './changes.js';

class NewTemplate extends PickType(CreateTemplate, ['name', 'channel', 'topic', 'subject', 'body', 'variables']) {}
class TemplateChanges extends PickType(UpdateTemplate, ['topic', 'subject', 'body', 'variables', 'isActive']) {}

const template = { view: TemplateView, queries: TemplateQueries };

const ApiChannel = (): MethodDecorator => ApiParam({ name: 'channel', enum: Channels });

@ApiTags('notification-templates')
@ApiBearerAuth()
@Roles('admin')
@Controller('notification-templates')
export class TemplatesController {
  constructor(
    private readonly commands: Commands,
    private readonly templates: TemplateQueries,
  ) {}

  @Post()
  @Sends(CreateTemplate, {
    body: NewTemplate,
    reads: template,
    summary: 'Create a template',
    description:
      'In `subject` and `body`, `{{name}}` stands for the value of a variable that `variables` explains. One name may have ' +
      'a template for each channel. For administrators.',
  })
  create(@Body() body: NewTemplate) {
    const templateId = templateIdOf(body.name, body.channel);
    return this.commands.send(new CreateTemplate({ ...body, templateId }));
  }

  @Get()
  @Lists(TemplateView, TemplateListPage, {
    summary: 'The templates, by name',
    description: '`channel` may be repeated. For administrators.',
  })
  list(@Query() page: TemplateListPage): Promise<Paged<Wire<TemplateView>>> {
    return this.templates.list(page);
  }

  @Get(':template_id')
  @Reads(TemplateView, { summary: 'One template, by its id' })
  byId(@Param('template_id', UuidPipe) templateId: string): Promise<Wire<TemplateView>> {
    return this.#found(templateId);
  }

  @Get(':name/:channel')
  @ApiChannel()
  @Reads(TemplateView, { summary: 'One template, by name and channel' })
  named(@Param('name') name: string, @Param('channel') channel: Channel): Promise<Wire<TemplateView>> {
    return this.#found(templateIdOf(name, channel));
  }

  @Patch(':name/:channel')
  @ApiChannel()
  @Sends(UpdateTemplate, {
    body: TemplateChanges,
    reads: template,
    summary: 'Change a template: the fields that are given',
    description: 'With `is_active: false` nothing is said by it any more. For administrators.',
  })
  update(@Param('name') name: string, @Param('channel') channel: Channel, @Body() body: TemplateChanges) {
    return this.commands.send(new UpdateTemplate({ ...changes(body), templateId: templateIdOf(name, channel) }));
  }

  async #found(templateId: string): Promise<Wire<TemplateView>> {
    const found = await this.templates.byId(templateId);
    if (!found) throw notFound('template_not_found', 'there is no such template');
    return found;
  }
}
