/** Secrets for development and tests, known to everybody. `NODE_ENV=production` refuses them. */
export const development = {
  envelopeKeys: 'development:contextflow-development-envelope-key',
  commandIdKey: 'contextflow-development-command-id-key',
  jwtPublicKey: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+7ukHGGCzjCE9VQfgs5glYcbm5ya
jkX2M4S6c4a0UmzyqmBt7N7svSvCeAfXNsvKeP7jTLfpM4wg+3NyK17wOw==
-----END PUBLIC KEY-----
`,
} as const;

/** Signs the tokens of `npm run token`. */
export const developmentSigningKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0ZdsryQX7OVi2DZq
hwI+bKE50BrAWYFX7J015T87IPGhRANCAAT7u6QcYYLOMIT1VB+CzmCVhxubnJqO
RfYzhLpzhrRSbPKqYG3s3uy9K8J4B9c2y8p4/uNMt+kzjCD7c3IrXvA7
-----END PRIVATE KEY-----
`;
