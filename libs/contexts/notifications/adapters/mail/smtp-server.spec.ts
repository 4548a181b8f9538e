import { describe, expect, it } from '@jest/globals';

import { smtpServer } from './smtp-server.js';

describe('The address of a mail server', () => {
  it('says where it is and who asks', () => {
    expect(smtpServer('smtp://ada%40example.org:p%2Fss@mail.example.org:2525', false)).toEqual({
      host: 'mail.example.org',
      port: 2525,
      secure: false,
      requireTLS: false,
      tls: { rejectUnauthorized: true },
      auth: { user: 'ada@example.org', pass: 'p/ss' },
    });
  });

  it.each([
    ['smtp://mail.example.org', 587],
    ['smtps://mail.example.org', 465],
    ['smtp://mail.example.org:25', 25],
  ])('%s means port %i', (address, port) => {
    expect(smtpServer(address, false)).toMatchObject({ port });
  });

  it.each([
    ['smtp://mail.example.org', { secure: false, requireTLS: true, tls: { rejectUnauthorized: true } }],
    ['smtps://mail.example.org', { secure: true, requireTLS: false, tls: { rejectUnauthorized: true } }],
    ['smtp://127.0.0.1:1025', { secure: false, requireTLS: false, tls: { rejectUnauthorized: false } }],
    ['smtp://localhost:1025', { secure: false, requireTLS: false }],
    ['smtp://[::1]:1025', { host: '::1', requireTLS: false }],
    ['smtp://127.example.org', { requireTLS: true, tls: { rejectUnauthorized: true } }],
  ])('in production, %s asks for %j', (address, asked) => {
    expect(smtpServer(address, true)).toMatchObject(asked);
  });
});
