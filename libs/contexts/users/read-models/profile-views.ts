import { IsArray, IsBoolean, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import type { RecentTask, TaskStatus } from '#contexts/tasks/contract/index.js';
import { Example, IsTime, Message, Nullable, type Wire } from '#kernel';

/** Who somebody is, and what they tell of themself. */
export class ProfileView extends Message<ProfileView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(2) readonly version!: number;
  @IsString() @Example('ada@example.org') readonly email!: string;
  @IsString() @Example('ada_l') readonly username!: string;
  /** Empty where none was given. */
  @IsString() @Example('Ada L.') readonly name!: string;
  @Nullable() @IsString() @Example('Ada') readonly firstName!: string | null;
  @Nullable() @IsString() @Example('Lovelace') readonly lastName!: string | null;
  /** First and last name, or the one that there is, or empty. */
  @IsString() @Example('Ada Lovelace') readonly fullName!: string;
  @Nullable() @IsString() @Example('Writes notes on engines') readonly bio!: string | null;
  @Nullable() @IsString() @Example('https://example.org/ada.png') readonly avatarUrl!: string | null;
  @Nullable() @IsString() @Example('+441632960961') readonly phoneNumber!: string | null;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  @IsBoolean() @Example(true) readonly isVerified!: boolean;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
}

/** What somebody finds when they come in. */
export class DashboardView extends Message<DashboardView> {
  /** The profile. */
  @IsObject() readonly user!: Wire<ProfileView>;
  @IsInt() @Example(12) readonly taskCount!: number;
  @IsObject()
  @Example({ pending: 4, in_progress: 2, completed: 5, cancelled: 1 })
  readonly tasksByStatus!: Readonly<Record<TaskStatus, number>>;
  @IsInt() @Example(1) readonly overdueTasks!: number;
  @IsInt() @Example(5) readonly completedTasks!: number;
  @IsInt() @Example(4) readonly pendingTasks!: number;
  /** Of the channel `in_app`. */
  @IsInt() @Example(3) readonly unreadNotifications!: number;
  /** The five that were created last, the newest first. */
  @IsArray() @IsObject({ each: true }) readonly recentTasks!: readonly RecentTask[];
}

/** What is kept of somebody. */
export class PersonalDataView extends Message<PersonalDataView> {
  @IsUUID() readonly userId!: string;
  @IsTime() readonly exportedAt!: Date;
  /** By context, without those that keep nothing of them. */
  @IsObject() readonly data!: Readonly<Record<string, unknown>>;
}
