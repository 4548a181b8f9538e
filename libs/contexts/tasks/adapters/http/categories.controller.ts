import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { AdminOnly, CreateCategory, DeleteCategory, UpdateCategory } from '../../contract/index.js';
import { CategoryDetails, CategoryView } from '../../read-models/category-views.js';
import { CategoryListPage, CategoryQueries } from '../../read-models/category.queries.js';
import { changes } from './changes.js';

const details = ['name', 'description', 'color'] as const;

class NewCategory extends PickType(CreateCategory, details) {
  /** Everybody's, not only yours: for administrators. */
  @Optional() @IsBoolean() @Example(false) readonly builtIn?: boolean;
}
class CategoryChanges extends PickType(UpdateCategory, details) {}

/** Tasks come and go without a new version of their category. */
const taskCount = (view: Wire<CategoryDetails>): string => String(view.task_count);
const category = { view: CategoryDetails, queries: CategoryQueries, phase: taskCount };

@ApiTags('categories')
@ApiBearerAuth()
@Authenticated()
@Controller('categories')
export class CategoriesController {
  constructor(
    private readonly commands: Commands,
    private readonly categories: CategoryQueries,
  ) {}

  @Post()
  @Sends(CreateCategory, {
    body: NewCategory,
    reads: category,
    summary: 'Create a category of your own',
    description: 'With `built_in`, administrators create one that everybody has.',
  })
  create(
    @Body() { builtIn = false, ...body }: NewCategory,
    @Me() me: AuthenticatedUser,
    @NewId('categoryId') categoryId: string,
  ) {
    if (builtIn && !me.roles.includes('admin')) throw new AdminOnly();
    return this.commands.send(new CreateCategory({ ...body, categoryId, ownerId: builtIn ? null : me.id }));
  }

  @Patch(':category_id')
  @Sends(UpdateCategory, { body: CategoryChanges, reads: category, summary: 'Change the fields that are given' })
  update(
    @Param('category_id', UuidPipe) categoryId: string,
    @Body() body: CategoryChanges,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(new UpdateCategory({ ...changes(body), categoryId, userId: me.id }));
  }

  @Delete(':category_id')
  @Sends(DeleteCategory, { deletes: true, summary: 'Delete a category that no task is in' })
  delete(@Param('category_id', UuidPipe) categoryId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new DeleteCategory({ categoryId, userId: me.id }));
  }

  @Get()
  @Lists(CategoryView, CategoryListPage, { summary: 'The built-in categories and your own, by name' })
  list(@Query() page: CategoryListPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<CategoryView>>> {
    return this.categories.list(page, me);
  }

  @Get(':category_id')
  @Reads(CategoryDetails, { phase: taskCount, summary: 'One category, and how many of your tasks are in it' })
  async byId(
    @Param('category_id', UuidPipe) categoryId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<CategoryDetails>> {
    const found = await this.categories.byId(categoryId, me);
    if (!found) throw notFound('category_not_found', `there is no category ${categoryId}`);
    return found;
  }
}
