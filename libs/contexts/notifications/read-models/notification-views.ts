import { IsArray, IsIn, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable } from '#kernel';

import {
  Channels,
  maxRetries,
  NotificationStatuses,
  Topics,
  type Channel,
  type NotificationStatus,
  type Topic,
} from '../contract/index.js';

/** A notification as it is shown. */
export class NotificationView extends Message<NotificationView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(2) readonly version!: number;
  /** Null: it went to an address of nobody with an account. */
  @Nullable() @IsUUID() readonly userId!: string | null;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @IsString() @Example('ada@example.org') readonly recipient!: string;
  @Nullable() @IsString() @Example('welcome') readonly template!: string | null;
  @IsIn(Topics) @Example('account') readonly topic!: Topic;
  @IsString() @Example('Welcome, ada_l') readonly title!: string;
  /** Empty once it is known that a text message has arrived. */
  @IsString() @Example('Hello ada_l, welcome.') readonly message!: string;
  @Nullable() @IsObject() @Example({ campaign: 'spring' }) readonly metadata!: Readonly<Record<string, unknown>> | null;
  @Nullable() @IsString() readonly dedupKey!: string | null;
  @IsIn(NotificationStatuses) @Example('sent') readonly status!: NotificationStatus;
  /** Under which the server that took it knows it. */
  @Nullable() @IsString() @Example('SM0123456789abcdef0123456789abcdef') readonly externalId!: string | null;
  @Nullable() @IsString() @Example('452 4.2.2 mailbox full') readonly errorMessage!: string | null;
  @IsInt() @Example(0) readonly retryCount!: number;
  @IsInt() @Example(maxRetries) readonly maxRetries!: number;
  @Nullable() @IsTime() readonly sentAt!: Date | null;
  @Nullable() @IsTime() readonly deliveredAt!: Date | null;
  /** Only of the channel `in_app`. */
  @Nullable() @IsTime() readonly readAt!: Date | null;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
}

/** How many notifications there were. */
export class NotificationStats extends Message<NotificationStats> {
  /** One for each day, channel and status that there were any of; in the order of the days. */
  @IsArray()
  @IsObject({ each: true })
  @Example([{ day: '2030-01-31', channel: 'email', status: 'sent', notifications: 120 }])
  readonly items!: readonly NotificationCount[];
}

export interface NotificationCount {
  /** UTC. */
  readonly day: string;
  readonly channel: Channel;
  readonly status: NotificationStatus;
  readonly notifications: number;
}

/** How many notifications of the channel `in_app` somebody has not read. */
export class UnreadCount extends Message<UnreadCount> {
  @IsInt() @Example(3) readonly unreadCount!: number;
}

/** By which channels somebody hears of what. */
export class PreferencesView extends Message<PreferencesView> {
  /** 0: nothing was ever said to or by them. */
  @IsInt() @Example(2) readonly version!: number;
  @IsObject()
  @Example(Object.fromEntries(Topics.map((topic) => [topic, Channels])))
  readonly topics!: Readonly<Record<Topic, readonly Channel[]>>;
}
