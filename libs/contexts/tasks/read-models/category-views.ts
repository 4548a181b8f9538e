import { IsInt, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable } from '#kernel';

/** A category as lists show it. */
export class CategoryView extends Message<CategoryView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(1) readonly version!: number;
  /** Null: built-in. */
  @Nullable() @IsUUID() readonly ownerId!: string | null;
  @IsString() @Example('Household') readonly name!: string;
  @IsString() @Example('What keeps the house running') readonly description!: string;
  @IsString() @Example('#2E7D32') readonly color!: string;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
}

/** A category as it is shown alone. */
export class CategoryDetails extends CategoryView {
  /** How many of the reader's own tasks are in it. */
  @IsInt() @Example(4) readonly taskCount!: number;
}
