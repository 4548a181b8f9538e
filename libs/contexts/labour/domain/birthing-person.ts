import { Aggregate, derivedId, timeOf, type Fold } from '#kernel';

import {
  advicePolicy,
  Advices,
  BirthingPersonForgotten,
  birthingPersonRecord,
  BirthingPersonRegistered,
  ContractionDeleted,
  ContractionEnded,
  ContractionStarted,
  ContractionUpdated,
  IdentityRecorded,
  LabourBegun,
  LabourCompleted,
  LabourDeleted,
  LabourInviteSent,
  LabourPhaseChanged,
  LabourPlanned,
  LabourPlanUpdated,
  LabourUpdateDeleted,
  LabourUpdateEdited,
  LabourUpdatePosted,
  nobodyYet,
  RecommendationChanged,
  SubscriberRecorded,
  type AdvanceLabourPhase,
  type BeginLabour,
  type BirthingPersonRecord,
  type CompleteLabour,
  type ContractionRecord,
  type DeleteContraction,
  type DeleteLabourUpdate,
  type EditLabourUpdate,
  type EndContraction,
  type LabourPhase,
  type LabourRecord,
  type PlanLabour,
  type PostLabourUpdate,
  type RefreshIdentity,
  type StartContraction,
  type UpdateContraction,
  type UpdateLabourPlan,
} from '../contract/index.js';
import { assertAlone, changesOf, durationOf, runningIn } from './contractions.js';
import * as errors from './errors.js';
import { nextPhase } from './phase-progression.js';
import { afterNews, type SubscriptionNews } from './subscribers.js';

interface BirthingPersonState extends BirthingPersonRecord {
  readonly isForgotten?: boolean;
}

/** Clocks differ: what is told may be so much later than now. */
const skew = 5 * 60_000;
const announcementsApart = 10_000;
const invitesADay = 10;
const day = 24 * 60 * 60_000;

/** A user who gives birth, or of whom no more is known than the names and who follows. */
export class BirthingPerson extends Aggregate<BirthingPersonState> {
  static readonly streamType = 'labour.birthing_person';
  static readonly NotFound = errors.BirthingPersonNotFound;

  protected readonly evolve: Fold<BirthingPersonState> = {
    types: [...birthingPersonRecord.types, BirthingPersonForgotten],
    apply: (person, event, meta) =>
      event instanceof BirthingPersonForgotten
        ? { ...nobodyYet, isForgotten: true }
        : birthingPersonRecord.apply(person, event, meta),
  };

  register(): void {
    if (this.known.isForgotten) throw new errors.BirthingPersonNotFound(this.id);
    if (this.known.registeredAt !== null) throw new errors.BirthingPersonAlreadyExists();
    this.record(new BirthingPersonRegistered({ birthingPersonId: this.id }));
  }

  refreshIdentity({ username, name, firstName, lastName }: RefreshIdentity): void {
    const before = this.known;
    const same =
      username === before.username &&
      name === before.name &&
      (firstName ?? null) === before.firstName &&
      (lastName ?? null) === before.lastName;
    if (before.isForgotten || same) return;
    this.record(new IdentityRecorded({ birthingPersonId: this.id, username, name, firstName, lastName }));
  }

  forget(): void {
    if (!this.known.isForgotten) this.record(new BirthingPersonForgotten({ birthingPersonId: this.id }));
  }

  hearOf(news: SubscriptionNews): void {
    const { subscribers, isForgotten } = this.known;
    const before = subscribers.find(({ subscriptionId }) => subscriptionId === news.subscriptionId);
    const after = isForgotten ? undefined : afterNews(before, news);
    if (after) this.record(new SubscriberRecorded({ birthingPersonId: this.id, ...after }));
  }

  plan({ labourId, firstLabour, dueDate, labourName }: PlanLabour): void {
    this.assertRegistered();
    if (this.active) throw new errors.ActiveLabourExists();
    const due = timeOf(dueDate).toISOString();
    this.record(new LabourPlanned({ labourId, birthingPersonId: this.id, firstLabour, dueDate: due, labourName }));
  }

  updatePlan({ firstLabour, dueDate, labourName }: UpdateLabourPlan): void {
    const { phase, id: labourId, ...before } = this.activeLabour();
    if (phase !== 'planned') throw new errors.LabourAlreadyBegun();
    const due = timeOf(dueDate).toISOString();
    const same =
      firstLabour === before.firstLabour && due === before.dueDate && (labourName ?? null) === before.labourName;
    if (same) return;
    this.record(new LabourPlanUpdated({ labourId, birthingPersonId: this.id, firstLabour, dueDate: due, labourName }));
  }

  begin({ labourId, firstLabour, startTime, notes }: BeginLabour, at: Date): void {
    this.assertRegistered();
    const { active: planned } = this;
    if (planned && planned.phase !== 'planned')
      throw planned.dueDate === null ? new errors.ActiveLabourExists() : new errors.LabourAlreadyBegun();
    const isFirst = firstLabour ?? planned?.firstLabour;
    if (isFirst === undefined) throw new errors.FirstLabourRequired();
    const start = pastOr(at, startTime, errors.StartTimeInFuture);
    this.open({ labourId: planned?.id ?? labourId, firstLabour: isFirst, startTime: start, notes }, at);
  }

  startContraction(command: StartContraction, at: Date): void {
    this.assertAttendedBy(command.userId);
    const { contractionId, startTime, intensity, notes } = command;
    const labour = this.activeLabour();
    if (runningIn(labour)) throw new errors.ContractionInProgress();
    if (this.labourOf(contractionId)) throw new errors.ContractionAlreadyExists(contractionId);
    const start = pastOr(at, startTime, errors.StartTimeInFuture);
    assertAlone({ id: contractionId, startTime: start, endTime: null }, labour);
    const { id: labourId, firstLabour } = labour;
    if (labour.phase === 'planned') this.open({ labourId, firstLabour, startTime: start }, at);
    this.record(
      new ContractionStarted({
        labourId,
        contractionId,
        birthingPersonId: this.id,
        startTime: start,
        intensity,
        notes,
      }),
    );
  }

  endContraction({ userId, intensity, endTime, notes }: EndContraction, at: Date): void {
    this.assertAttendedBy(userId);
    const labour = this.activeLabour();
    const running = runningIn(labour);
    if (!running) throw new errors.NoContractionInProgress();
    const { id: contractionId, startTime } = running;
    const end = endTime === undefined ? at.toISOString() : timeOf(endTime).toISOString();
    if (end <= startTime) throw new errors.ContractionStartAfterEnd();
    pastOr(at, end, errors.EndTimeInFuture);
    this.record(
      new ContractionEnded({
        labourId: labour.id,
        contractionId,
        birthingPersonId: this.id,
        startTime,
        endTime: end,
        durationSeconds: durationOf({ startTime, endTime: end }),
        intensity,
        notes: notes ?? running.notes ?? undefined,
      }),
    );
    this.progress(labour.id);
    this.advise(labour.id, at);
  }

  updateContraction(command: UpdateContraction, at: Date): void {
    this.assertAttendedBy(command.userId);
    const { labour, contraction: before } = this.endedContraction(command.contractionId);
    const after = changesOf(before, command);
    if (after.endTime <= after.startTime) throw new errors.ContractionStartAfterEnd();
    pastOr(at, after.startTime, errors.StartTimeInFuture);
    pastOr(at, after.endTime, errors.EndTimeInFuture);
    assertAlone({ id: before.id, ...after }, labour);
    if (after.changed.length === 0) return;
    this.record(
      new ContractionUpdated({
        labourId: labour.id,
        contractionId: before.id,
        birthingPersonId: this.id,
        ...after,
        durationSeconds: durationOf(after),
      }),
    );
    this.progress(labour.id);
    this.advise(labour.id, at);
  }

  deleteContraction({ userId, contractionId }: DeleteContraction, at: Date): void {
    this.assertAttendedBy(userId);
    const { labour } = this.endedContraction(contractionId);
    this.record(new ContractionDeleted({ labourId: labour.id, contractionId, birthingPersonId: this.id }));
    this.advise(labour.id, at);
  }

  advance({ phase }: AdvanceLabourPhase): void {
    const labour = this.labourUnderWay();
    if (phase === labour.phase) throw new errors.PhaseUnchanged(phase);
    this.changePhase(labour, phase);
  }

  complete({ endTime, notes }: CompleteLabour, at: Date): void {
    const labour = this.activeLabour();
    if (labour.phase === 'planned') throw new errors.LabourNotBegun();
    if (runningIn(labour)) throw new errors.ContractionInProgress();
    const times = [labour.startTime, ...labour.contractions.map((one) => one.endTime)].filter((time) => time !== null);
    // Whoever noted these may have a clock that is ahead of ours.
    const now = [at.toISOString(), ...times].toSorted().at(-1) as string;
    const end = endTime === undefined ? now : pastOr(at, endTime, errors.EndTimeInFuture);
    if (times.some((time) => time > end)) throw new errors.EndBeforeStart();
    this.record(new LabourCompleted({ labourId: labour.id, birthingPersonId: this.id, endTime: end, notes }));
    this.changePhase(labour, 'complete');
    this.advise(labour.id, at);
  }

  deleteLabour(labourId: string, at: Date): void {
    const labour = this.known.labours.find(({ id }) => id === labourId);
    if (!labour) throw new errors.LabourNotFound();
    if (labour.phase !== 'planned' && labour.phase !== 'complete') throw new errors.LabourInProgress('it');
    this.record(new LabourDeleted({ labourId, birthingPersonId: this.id, deletedAt: at.toISOString() }));
  }

  invite({ email, isSubscribed }: { email: string; isSubscribed: boolean }, at: Date): void {
    this.assertRegistered();
    const { labours, invitesSent } = this.known;
    if (!this.active && labours.length > 0) throw new errors.LabourAlreadyCompleted();
    if (isSubscribed) throw new errors.AlreadySubscribed();
    const since = new Date(at.getTime() - day).toISOString();
    if (invitesSent.filter((time) => time > since).length >= invitesADay) throw new errors.InviteLimitReached();
    this.record(new LabourInviteSent({ birthingPersonId: this.id, labourId: this.active?.id, email }));
  }

  postUpdate({ userId, labourUpdateId, type, message }: PostLabourUpdate, at: Date): void {
    this.assertAttendedBy(userId);
    const labour = this.activeLabour();
    if (type === 'announcement') assertNotTooSoon(labour, at);
    this.record(
      new LabourUpdatePosted({
        labourId: labour.id,
        birthingPersonId: this.id,
        labourUpdateId,
        type,
        message,
        sentTime: at.toISOString(),
        applicationGenerated: false,
      }),
    );
  }

  editUpdate({ userId, labourUpdateId, type, message }: EditLabourUpdate, at: Date): void {
    this.assertAttendedBy(userId);
    const { labour, update: before } = this.update(labourUpdateId);
    if (before.type === 'announcement') throw new errors.AnnouncementImmutable();
    const after = { type: type ?? before.type, message: message ?? before.message };
    if (before.applicationGenerated && after.message !== before.message) throw new errors.GeneratedMessageImmutable();
    if (after.type === 'announcement') assertNotTooSoon(labour, at);
    if (type === undefined && message === undefined) throw new errors.NothingToUpdate();
    const changed = (['type', 'message'] as const).filter((field) => after[field] !== before[field]);
    if (changed.length === 0) return;
    this.record(
      new LabourUpdateEdited({
        labourId: labour.id,
        birthingPersonId: this.id,
        labourUpdateId,
        ...after,
        editedAt: at.toISOString(),
        applicationGenerated: before.applicationGenerated,
        changed,
      }),
    );
  }

  deleteUpdate({ userId, labourUpdateId }: DeleteLabourUpdate): void {
    this.assertAttendedBy(userId);
    const { labour, update } = this.update(labourUpdateId);
    const { type } = update;
    this.record(new LabourUpdateDeleted({ labourId: labour.id, birthingPersonId: this.id, labourUpdateId, type }));
  }

  private open(
    { labourId, ...begun }: Pick<LabourBegun, 'labourId' | 'firstLabour' | 'startTime' | 'notes'>,
    at: Date,
  ): void {
    const birthingPersonId = this.id;
    this.record(new LabourBegun({ labourId, birthingPersonId, ...begun }));
    this.record(new LabourPhaseChanged({ labourId, birthingPersonId, from: 'planned', to: 'early' }));
    this.record(
      new LabourUpdatePosted({
        labourId,
        birthingPersonId,
        labourUpdateId: derivedId('labour.begun_note', labourId),
        type: 'private_note',
        message: 'Labour has begun',
        sentTime: at.toISOString(),
        applicationGenerated: true,
      }),
    );
  }

  private progress(labourId: string): void {
    const labour = this.labour(labourId);
    const phase = nextPhase(labour);
    if (phase) this.changePhase(labour, phase);
  }

  private changePhase({ id: labourId, phase: from }: LabourRecord, to: LabourPhase): void {
    this.record(new LabourPhaseChanged({ labourId, birthingPersonId: this.id, from, to }));
  }

  /** Tells what is recommended from now on, or is no more. */
  private advise(labourId: string, at: Date): void {
    const labour = this.labour(labourId);
    const advice = advicePolicy.for(labour, at);
    for (const one of Advices) {
      const [from, to] = [labour.recommended.includes(one), advice[one]];
      if (from !== to)
        this.record(new RecommendationChanged({ labourId, birthingPersonId: this.id, advice: one, from, to }));
    }
  }

  private get known(): BirthingPersonState {
    return this.exists ? this.state : nobodyYet;
  }

  private get active(): LabourRecord | undefined {
    return this.known.labours.find(({ phase }) => phase !== 'complete');
  }

  private activeLabour(): LabourRecord {
    if (!this.active) throw new errors.NoActiveLabour();
    return this.active;
  }

  private labourUnderWay(): LabourRecord {
    if (!this.active && this.known.labours.length > 0) throw new errors.LabourAlreadyCompleted();
    const labour = this.activeLabour();
    if (labour.phase === 'planned') throw new errors.LabourNotBegun();
    return labour;
  }

  private labour(labourId: string): LabourRecord {
    return this.known.labours.find(({ id }) => id === labourId) as LabourRecord;
  }

  private labourOf(contractionId: string): LabourRecord | undefined {
    return this.known.labours.find(({ contractions }) => contractions.some(({ id }) => id === contractionId));
  }

  private endedContraction(contractionId: string): { labour: LabourRecord; contraction: EndedContraction } {
    const labour = this.labourOf(contractionId);
    const contraction = labour?.contractions.find(({ id }) => id === contractionId);
    if (!labour || !contraction) throw new errors.ContractionNotFound(contractionId);
    if (labour.phase === 'complete') throw new errors.LabourAlreadyCompleted();
    if (contraction.endTime === null) throw new errors.ContractionInProgress();
    return { labour, contraction: contraction as EndedContraction };
  }

  private update(labourUpdateId: string): { labour: LabourRecord; update: LabourRecord['updates'][number] } {
    const labour = this.active;
    const update = labour?.updates.find(({ id }) => id === labourUpdateId);
    if (!labour || !update) throw new errors.LabourUpdateNotFound(labourUpdateId);
    return { labour, update };
  }

  private assertRegistered(): void {
    if (this.known.registeredAt === null) throw new errors.BirthingPersonNotFound(this.id);
  }

  /** The birthing person and birth partners may; for everybody else there is no such labour. */
  private assertAttendedBy(userId: string): void {
    const isPartner = this.known.subscribers.some(
      ({ subscriberId, subscribed, role }) => subscriberId === userId && subscribed && role === 'birth_partner',
    );
    if (userId !== this.id && !isPartner) throw new errors.LabourNotFound();
  }
}

type EndedContraction = ContractionRecord & { readonly endTime: string };

/** The time that is told, or now. */
function pastOr(at: Date, told: string | undefined, InFuture: new () => Error): string {
  if (told === undefined) return at.toISOString();
  const time = timeOf(told);
  if (time.getTime() > at.getTime() + skew) throw new InFuture();
  return time.toISOString();
}

function assertNotTooSoon({ announcedAt }: LabourRecord, at: Date): void {
  if (announcedAt !== null && at.getTime() - Date.parse(announcedAt) < announcementsApart)
    throw new errors.AnnouncementTooSoon();
}
