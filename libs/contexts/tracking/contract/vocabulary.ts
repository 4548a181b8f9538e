export const InteractionTypes = ['click', 'view', 'engagement'] as const;
export type InteractionType = (typeof InteractionTypes)[number];

export const TrackingEventStatuses = ['recorded', 'discarded'] as const;
export type TrackingEventStatus = (typeof TrackingEventStatuses)[number];

/** What a sender wants to find again. Nothing here looks into it. */
export type TrackingMetadata = Readonly<Record<string, string | number | boolean | null>>;
