import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, toWire, type Class } from '#kernel';

import * as contract from './index.js';
import { CreateProfile, ProfileChanged, UpdateProfile } from './index.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';

function reasonFor(fields: object): string {
  try {
    decode(UpdateProfile, { user_id: userId, ...fields });
    return 'taken';
  } catch (error) {
    return (error as InvalidMessage).reason;
  }
}

describe.each(['first_name', 'last_name'])('A %s', (field) => {
  it('has at most 100 characters, without the space around it', () => {
    expect(reasonFor({ [field]: 'Ada' })).toBe('taken');
    expect(reasonFor({ [field]: ` ${'é'.repeat(100)}\n` })).toBe('taken');
    expect(reasonFor({ [field]: 'x'.repeat(101) })).toBe(`${field}_too_long`);
  });

  it('may be empty, or null', () => {
    expect(reasonFor({ [field]: '  ' })).toBe('taken');
    expect(reasonFor({ [field]: null })).toBe('taken');
  });

  it.each([5, true, ['Ada'], { x: 1 }])('is a text, not %j', (name) => {
    expect(reasonFor({ [field]: name })).not.toBe('taken');
  });
});

describe('A bio', () => {
  it('has at most 500 characters, kept as they are', () => {
    expect(reasonFor({ bio: ' x '.repeat(166) })).toBe('taken');
    expect(reasonFor({ bio: 'x'.repeat(501) })).toBe('bio_too_long');
    expect(decode(UpdateProfile, { user_id: userId, bio: ' a\n' })).toMatchObject({ bio: ' a\n' });
  });
});

describe('The address of an avatar', () => {
  it.each([
    'https://example.org/ada.png',
    'http://example.org',
    'HTTPS://EXAMPLE.ORG/A.PNG?size=200&v=2#top',
    'http://127.0.0.1:8080/ada.png',
    'https://[2001:db8::1]/ada.png',
    'https://bücher.example/ädä.png',
    `https://example.org/${'x'.repeat(480)}`,
    null,
  ])('may be %s', (address) => {
    expect(reasonFor({ avatar_url: address })).toBe('taken');
  });

  it.each([
    'javascript:alert(1)',
    'javascript://example.org/%0aalert(1)',
    'JaVaScRiPt:alert(1)//http://example.org',
    'data:image/png;base64,AAAA',
    'ftp://example.org/ada.png',
    'file:///etc/passwd',
    '//example.org/ada.png',
    'example.org/ada.png',
    '/ada.png',
    'https:/example.org',
    'https:example.org',
    'https://',
    'https:///ada.png',
    'https:\\\\example.org\\ada.png',
    'https://example.org\\@evil.example/',
    'https://ada:secret@example.org/ada.png',
    'https://ada@example.org/ada.png',
    ' https://example.org/ada.png',
    'https://example.org/a b.png',
    'https://example.org/ada.png\n',
    'https://example.org/"><script>',
    'https://exa mple.org/',
    'https://example.org:99999/',
    'https://256.256.256.256/',
    `https://example.org/${'x'.repeat(481)}`,
    '',
    5,
    {},
    ['https://example.org/ada.png'],
  ])('is never %j', (address) => {
    expect(reasonFor({ avatar_url: address })).toBe('avatar_url_invalid');
  });
});

describe('A phone number', () => {
  it.each(['+441632960961', '+1', '+123456789012345', ' +441632960961 ', null])('may be %j', (number) => {
    expect(reasonFor({ phone_number: number })).toBe('taken');
  });

  it.each(['441632960961', '+', '+1234567890123456', '+44 1632', '+44a', '+٤٤', '0044', '', 44])(
    'is never %j',
    (number) => {
      expect(reasonFor({ phone_number: number })).toBe('phone_number_invalid');
    },
  );
});

describe('What a profile is made of', () => {
  it('returns from its wire form as it was', () => {
    const command = new CreateProfile({
      userId,
      email: '',
      username: '',
      name: '',
      isVerified: false,
      firstName: 'Ada',
    });
    expect(decode(CreateProfile, toWire(command))).toEqual(command);
  });

  it('has no field that an update could not change', () => {
    const names = (type: Class<object>): string[] => declaredFields(type).map(({ wireName }) => wireName);
    expect(names(UpdateProfile)).toEqual(names(ProfileChanged));
  });
});

describe('The messages', () => {
  const classes = Object.values(contract) as unknown as Class<object>[];

  it('keep the names that they have on the wire', () => {
    const names = classes.map((type) => {
      try {
        return commandType(type).name;
      } catch {
        return eventType(type).name;
      }
    });
    expect(names.sort()).toEqual([
      'profile.changed.v1',
      'profile.forgotten.v1',
      'user.created.v1',
      'user.updated.v1',
      'users.create_profile.v1',
      'users.forget_user.v1',
      'users.record_identity.v1',
      'users.update_profile.v1',
    ]);
  });

  it('tell what is personal as such', () => {
    const plain = ['user_id', 'is_active', 'is_verified', 'changed'];
    for (const type of classes)
      for (const { wireName, personal } of declaredFields(type))
        expect([wireName, personal]).toEqual([wireName, !plain.includes(wireName)]);
  });

  it('keep to the context what a profile says', () => {
    expect(eventType(ProfileChanged).private).toBe(true);
  });
});
