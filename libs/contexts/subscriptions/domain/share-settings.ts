import { Aggregate, fold, on } from '#kernel';

import { ShareSettingsForgotten, ShareSettingsUpdated, ShareTokenRotated, ShareTokenSet } from '../contract/index.js';
import { BirthingPersonNotFound } from './errors.js';

interface ShareSettingsState {
  /** Undefined: there is no birthing person of that id. */
  readonly approvalRequired: boolean | undefined;
  readonly isForgotten: boolean;
}

const unknown: ShareSettingsState = { approvalRequired: undefined, isForgotten: false };

/** Who may follow a birthing person. */
export class ShareSettings extends Aggregate<ShareSettingsState> {
  static readonly streamType = 'subscriptions.share_settings';
  static readonly NotFound = BirthingPersonNotFound;

  protected readonly evolve = fold<ShareSettingsState>(
    on(ShareTokenSet, (before) => before ?? unknown),
    on(ShareTokenRotated, (before) => before),
    on(ShareSettingsUpdated, (before, { approvalRequired }) => ({ ...before, approvalRequired })),
    on(ShareSettingsForgotten, () => ({ ...unknown, isForgotten: true })),
  );

  /** Anybody who has the token may follow, until the birthing person says otherwise. */
  open(token: string): void {
    if (this.exists) return;
    this.record(new ShareTokenSet({ birthingPersonId: this.id, token }));
    this.record(new ShareSettingsUpdated({ birthingPersonId: this.id, approvalRequired: false }));
  }

  rotate(token: string): void {
    this.assertPresent();
    this.record(new ShareTokenSet({ birthingPersonId: this.id, token }));
    this.record(new ShareTokenRotated({ birthingPersonId: this.id }));
  }

  setApprovalRequired(approvalRequired: boolean): void {
    this.assertPresent();
    if (this.state.approvalRequired !== approvalRequired)
      this.record(new ShareSettingsUpdated({ birthingPersonId: this.id, approvalRequired }));
  }

  forget(): void {
    if (!this.exists || !this.state.isForgotten) this.record(new ShareSettingsForgotten({ birthingPersonId: this.id }));
  }

  private assertPresent(): void {
    if (this.state.isForgotten) throw new BirthingPersonNotFound(this.id);
  }
}
