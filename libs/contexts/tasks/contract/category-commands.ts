import { IsString, IsUUID, Matches, MaxLength } from 'class-validator';

import { Command, Example, Message, Nullable, Optional, ShortText } from '#kernel';

const Color = (): PropertyDecorator =>
  Matches(/^#[0-9A-Fa-f]{6}$/, { message: 'the color must be written #RRGGBB', context: { reason: 'color_invalid' } });

@Command('tasks.create_category.v1', 'categoryId')
export class CreateCategory extends Message<CreateCategory> {
  @IsUUID() readonly categoryId!: string;
  /** Null: built-in, everybody's. */
  @Nullable() @IsUUID() readonly ownerId!: string | null;
  @ShortText('name', 100) @Example('Household') readonly name!: string;
  @Optional() @IsString() @MaxLength(1000) @Example('What keeps the house running') readonly description?: string;
  @Optional() @Color() @Example('#2E7D32') readonly color?: string;
}

/** What is absent stays as it is. */
@Command('tasks.update_category.v1', 'categoryId')
export class UpdateCategory extends Message<UpdateCategory> {
  @IsUUID() readonly categoryId!: string;
  @IsUUID() readonly userId!: string;
  @Optional() @ShortText('name', 100) @Example('House and garden') readonly name?: string;
  @Optional() @IsString() @MaxLength(1000) @Example('What keeps the house running') readonly description?: string;
  @Optional() @Color() @Example('#2E7D32') readonly color?: string;
}

@Command('tasks.delete_category.v1', 'categoryId')
export class DeleteCategory extends Message<DeleteCategory> {
  @IsUUID() readonly categoryId!: string;
  @IsUUID() readonly userId!: string;
}
