/** Signs the development access tokens. */
export const developmentSigningKey = '0ZdsryQX7OVi2DZqhwI-bKE50BrAWYFX7J015T87IPE';

/** Secrets for development and tests, known to everybody. `NODE_ENV=production` refuses them. */
export const development = {
  envelopeKeys: 'development:contextflow-development-envelope-key',
  encryptionKeys: 'development:contextflow-development-encryption-key',
  commandIdKey: 'contextflow-development-command-id-key',
  jwtKeys: JSON.stringify({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        x: '-7ukHGGCzjCE9VQfgs5glYcbm5yajkX2M4S6c4a0Umw',
        y: '8qpgbeze7L0rwngH1zbLynj-40y36TOMIPtzcite8Ds',
        d: developmentSigningKey,
      },
    ],
  }),
} as const;
