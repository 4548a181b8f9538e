import { fold, on, projection } from '#kernel';

import { ShareSettingsForgotten, ShareSettingsUpdated, ShareTokenRotated, ShareTokenSet } from '../contract/index.js';
import { forgottenToken, ShareSettingsRow } from './share-settings.entity.js';

export const shareSettings = projection('subscriptions.share_settings', ShareSettingsRow, {
  inline: true,
  version: 2,
  fold: fold<Omit<ShareSettingsRow, 'version'>>(
    on(ShareTokenSet, (row, { birthingPersonId, token }) => ({
      id: birthingPersonId,
      token,
      approvalRequired: row?.approvalRequired ?? false,
    })),
    on(ShareTokenRotated, (row) => row),
    on(ShareSettingsUpdated, (row, { approvalRequired }) => ({ ...row, approvalRequired })),
    on(ShareSettingsForgotten, (_, { birthingPersonId }) => ({
      id: birthingPersonId,
      token: forgottenToken,
      approvalRequired: false,
    })),
  ),
});
