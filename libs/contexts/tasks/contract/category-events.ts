import { IsArray, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional } from '#kernel';

/** Without an owner it is built-in. */
@Event('category.created.v1', 'categoryId')
export class CategoryCreated extends Message<CategoryCreated> {
  @IsUUID() readonly categoryId!: string;
  @Optional() @IsUUID() readonly ownerId?: string;
  @IsString() @Example('Household') readonly name!: string;
  @IsString() @Example('What keeps the house running') readonly description!: string;
  @IsString() @Example('#2E7D32') readonly color!: string;
}

/** The whole category as it is now, and the wire names of the fields that changed. */
@Event('category.updated.v1', 'categoryId')
export class CategoryUpdated extends Message<CategoryUpdated> {
  @IsUUID() readonly categoryId!: string;
  @Optional() @IsUUID() readonly ownerId?: string;
  @IsString() @Example('House and garden') readonly name!: string;
  @IsString() @Example('What keeps the house running') readonly description!: string;
  @IsString() @Example('#2E7D32') readonly color!: string;
  @IsTime() readonly updatedAt!: string;
  @IsArray() @IsString({ each: true }) @Example(['name']) readonly changed!: readonly string[];
}

@Event('category.deleted.v1', 'categoryId')
export class CategoryDeleted extends Message<CategoryDeleted> {
  @IsUUID() readonly categoryId!: string;
  @Optional() @IsUUID() readonly ownerId?: string;
  @IsString() @Example('Household') readonly name!: string;
  @IsTime() readonly deletedAt!: string;
}
