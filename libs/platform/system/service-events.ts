import { IsArray, IsIn, IsInt, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message } from '#kernel';

class ServiceEvent extends Message<ServiceEvent> {
  @IsUUID() readonly instanceId!: string;
  @IsIn(['api', 'worker']) @Example('worker') readonly service!: 'api' | 'worker';
  @IsString() @Example('host-1') readonly host!: string;
  @IsInt() @Example(4711) readonly pid!: number;
  @IsString() @Example('1.0.0') readonly release!: string;
  @IsArray() @IsString({ each: true }) @Example(['tasks']) readonly contexts!: readonly string[];
  @IsTime() readonly at!: string;
}

/** A process is at work. Not in the log: it is told once, and lost if nobody listens. */
@Event('system.service_started.v1', 'instanceId')
export class ServiceStarted extends ServiceEvent {}

/** A process ends in order. One that is killed says nothing. */
@Event('system.service_stopped.v1', 'instanceId')
export class ServiceStopped extends ServiceEvent {}
