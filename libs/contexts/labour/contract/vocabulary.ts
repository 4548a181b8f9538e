/** From the first to the last. */
export const LabourPhases = ['planned', 'early', 'active', 'transition', 'pushing', 'complete'] as const;
export type LabourPhase = (typeof LabourPhases)[number];

/** Those that a birthing person may go to by hand. */
export const PhasesOfLabour = ['early', 'active', 'transition', 'pushing'] as const;
export type PhaseOfLabour = (typeof PhasesOfLabour)[number];

export const Advices = ['call_midwife', 'prepare_for_hospital', 'go_to_hospital'] as const;
export type Advice = (typeof Advices)[number];

/** A private note is for the birthing person and birth partners only. */
export const LabourUpdateTypes = ['announcement', 'status_update', 'private_note'] as const;
export type LabourUpdateType = (typeof LabourUpdateTypes)[number];

export const SubscriberRoles = ['birth_partner', 'support_person', 'loved_one'] as const;
export type SubscriberRole = (typeof SubscriberRoles)[number];
