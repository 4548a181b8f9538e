/** The asynchronous projection of touchpoints: whoever shows them may wait for it. */
export const touchpointsFollow = 'attribution.touchpoint_list';

/** The asynchronous projection of what touchpoints earn by every model. */
export const creditsFollow = 'attribution.credit_list';
