import type { ContactMethod } from '../contract/index.js';

/** One telephone is not told the same twice: whoever has WhatsApp needs no text messages. */
export const withoutDoubles = (methods: readonly ContactMethod[]): readonly ContactMethod[] =>
  methods.includes('whatsapp') ? methods.filter((method) => method !== 'sms') : methods;
