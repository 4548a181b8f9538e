import { derivedId } from '#kernel';

/** The stream of what is known of a visitor. */
export const visitorKeyOf = (visitorId: string): string => derivedId('attribution.visitor', visitorId);

/** The conversion that its sender knows by that name. */
export const conversionIdOf = (externalId: string): string => derivedId('attribution.conversion', externalId);

/** There is one set of settings. */
export const settingsId = derivedId('attribution.settings');
