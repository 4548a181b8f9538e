import { describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import { LinkTokens } from './link-tokens.js';
import { SignedAccountLinks } from './signed-account-links.js';

const tokens = new LinkTokens('one:a secret of at least thirty-two characters');
const links = new SignedAccountLinks(tokens, 'https://api.example.org');
const request = { userId: newId(), requestId: newId(), expiresAt: new Date('2026-03-01T11:00:00Z') };

describe('The link of an account mail', () => {
  it.each([
    ['password_reset', 'https://api.example.org/account/reset-password'],
    ['email_verification', 'https://api.example.org/account/verify-email'],
  ] as const)('for %s carries the token that the API takes, where no server is told of it', (kind, page) => {
    const link = new URL(links.of({ kind, ...request }));
    expect(link.origin + link.pathname + link.search).toBe(page);
    const token = String(new URLSearchParams(link.hash.slice(1)).get('token'));
    expect(tokens.read(kind, token, new Date('2026-03-01T10:00:00Z'))).toEqual(request);
  });
});
