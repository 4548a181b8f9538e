import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';

@Entity('peer_tasks')
@Index(['userId', 'createdAt'])
export class Task {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') userId!: string;
  @Column('text') title!: string;
  @Column('text') description!: string;
  @Column('text') status!: string;
  @Column('text') priority!: string;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;
}

/** Which commands have been run. */
@Entity('peer_inbox')
export class InboxMessage {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') type!: string;
  @Column('jsonb') payload!: object;
  @CreateDateColumn({ type: 'timestamptz' }) handledAt!: Date;
}

/** What others are to be told. */
@Entity('peer_outbox')
export class OutboxMessage {
  @PrimaryGeneratedColumn({ type: 'bigint' }) position!: string;
  @Column('text') type!: string;
  @Column('uuid') subject!: string;
  @Column('jsonb') payload!: object;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
}

export const entities = [Task, InboxMessage, OutboxMessage];
