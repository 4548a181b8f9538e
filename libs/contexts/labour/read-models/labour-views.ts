import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable, WireName, type Wire } from '#kernel';

import {
  LabourPhases,
  LabourUpdateTypes,
  type LabourPhase,
  type LabourUpdateType,
  type Recommendations,
  type SubscriberRole,
} from '../contract/index.js';
import type { Pattern, WindowStatistics } from './numbers.js';

const pattern: Pattern = {
  average_duration_minutes: 1.1,
  average_intensity: 6,
  average_interval_minutes: 3.2,
  phase: 'active',
};
const window: WindowStatistics = {
  contraction_count: 4,
  average_duration: 63.75,
  average_intensity: 5.5,
  average_frequency: 280,
};

/** What is shown with every recommendation. */
export const notice =
  'This is a rule of thumb, not medical advice: if you are in doubt, call your midwife or your hospital.';

export class ContractionView extends Message<ContractionView> {
  @IsUUID() readonly id!: string;
  @IsTime() @Example('2030-03-01T10:05:30.000Z') readonly startTime!: string;
  /** While it goes on, its start. */
  @IsTime() @Example('2030-03-01T10:06:30.000Z') readonly endTime!: string;
  /** It goes on. */
  @IsBoolean() @Example(false) readonly isActive!: boolean;
  @IsNumber() @Example(60) readonly durationSeconds!: number;
  @IsString() @Example('1m 0s') readonly duration!: string;
  /** 0 to 10. */
  @Nullable() @IsInt() @Example(5) readonly intensity!: number | null;
  /** For the birthing person and birth partners only. */
  @Nullable() @IsString() @Example('In the back') readonly notes!: string | null;
}

export class LabourUpdateView extends Message<LabourUpdateView> {
  @IsUUID() readonly id!: string;
  /** Private notes are for the birthing person and birth partners only. */
  @IsIn(LabourUpdateTypes) @Example('announcement') readonly type!: LabourUpdateType;
  @IsString() @Example('We are on our way') readonly message!: string;
  @IsTime() readonly sentTime!: string;
  @Nullable() @IsTime() readonly editedAt!: string | null;
  @IsBoolean() @Example(false) readonly applicationGenerated!: boolean;
}

/** A labour in a list. */
export class LabourOverview extends Message<LabourOverview> {
  @IsUUID() readonly id!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @Nullable() @IsString() @Example('Our little one') readonly labourName!: string | null;
  @Nullable() @IsTime() @Example('2030-03-01T00:00:00.000Z') readonly dueDate!: string | null;
  @IsIn(LabourPhases) @Example('active') readonly currentPhase!: LabourPhase;
  @Nullable() @IsTime() @Example('2030-03-01T10:00:00.000Z') readonly startTime!: string | null;
  @Nullable() @IsTime() @Example('2030-03-01T22:14:00.000Z') readonly endTime!: string | null;
  @Nullable() @IsString() @Example('A girl, and all are well') readonly notes!: string | null;
  @IsInt() @Example(12) readonly contractionCount!: number;
  @IsTime() readonly createdAt!: string;
}

/** What is recommended now, and what kind of advice that is. */
export type ShownRecommendations = Recommendations & { readonly notice: string };

export class LabourView extends Message<LabourView> {
  @IsUUID() readonly id!: string;
  /** The birthing person's: it rises with all that happens to them. */
  @IsInt() @Example(12) readonly version!: number;
  @IsUUID() readonly birthingPersonId!: string;
  @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @Nullable() @IsString() @Example('Our little one') readonly labourName!: string | null;
  @Nullable() @IsTime() @Example('2030-03-01T00:00:00.000Z') readonly dueDate!: string | null;
  @IsIn(LabourPhases) @Example('active') readonly currentPhase!: LabourPhase;
  @Nullable() @IsTime() @Example('2030-03-01T10:00:00.000Z') readonly startTime!: string | null;
  @Nullable() @IsTime() @Example(null) readonly endTime!: string | null;
  @Nullable() @IsString() @Example('A girl, and all are well') readonly notes!: string | null;
  /** Of the three latest contractions that have ended; null with fewer. */
  @Nullable() @IsObject() @Example(pattern) readonly pattern!: Pattern | null;
  @IsObject()
  @Example({ call_midwife: false, prepare_for_hospital: true, go_to_hospital: false, notice })
  readonly recommendations!: ShownRecommendations;
  /** In the order of their starts. */
  @IsArray() @IsObject({ each: true }) readonly contractions!: readonly Wire<ContractionView>[];
  /** In the order in which they were sent. */
  @IsArray() @IsObject({ each: true }) readonly updates!: readonly Wire<LabourUpdateView>[];
}

export class LabourSummary extends Message<LabourSummary> {
  @IsUUID() readonly id!: string;
  /** Hours since the start, or from start to end, to two decimals; null before it. */
  @Nullable() @IsNumber() @Example(2.25) readonly duration!: number | null;
  @IsInt() @Example(12) readonly contractionCount!: number;
  @IsIn(LabourPhases) @Example('active') readonly currentPhase!: LabourPhase;
  @IsBoolean() @Example(false) readonly hospitalRecommended!: boolean;
  @Nullable() @IsObject() @Example(pattern) readonly pattern!: Pattern | null;
}

/** All null with fewer than three contractions that have ended; a window is null when none started in it. */
export class LabourStatistics extends Message<LabourStatistics> {
  @WireName('last_30_mins') @Nullable() @IsObject() @Example(window) readonly last30Mins!: WindowStatistics | null;
  @WireName('last_60_mins') @Nullable() @IsObject() @Example(window) readonly last60Mins!: WindowStatistics | null;
  @Nullable() @IsObject() @Example(window) readonly total!: WindowStatistics | null;
}

/** One who follows, as the birthing person sees them. */
export interface ShownSubscriber {
  readonly id: string;
  readonly subscription_id: string;
  readonly role: SubscriberRole;
  readonly name: string;
}

export class BirthingPersonView extends Message<BirthingPersonView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(12) readonly version!: number;
  /** First and last name, or else the name, or else the user name. */
  @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Nullable() @IsString() @Example('Ada') readonly firstName!: string | null;
  @Nullable() @IsString() @Example('Lovelace') readonly lastName!: string | null;
  @IsTime() readonly registeredAt!: string;
  /** The newest first. */
  @IsArray() @IsObject({ each: true }) readonly labours!: readonly Wire<LabourOverview>[];
  /** Those who follow now, by name. */
  @IsArray()
  @IsObject({ each: true })
  @Example([
    {
      id: '0196a1de-0000-7000-8000-00000000000b',
      subscription_id: '0196a1de-0000-8000-8000-0000000000f1',
      role: 'birth_partner',
      name: 'Grace Hopper',
    },
  ])
  readonly subscribers!: readonly ShownSubscriber[];
}
