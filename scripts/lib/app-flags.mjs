/**
 * What Node is started with for an app that no container limits. On a large machine it would take gigabytes before it
 * looked for garbage in earnest; in a container of 512 MiB, as docker-compose.production.yml makes them, it has half of
 * that for its heap. The young generation is three times the semi-space. In MiB.
 */
export const appFlags = ['--enable-source-maps', '--max-old-space-size=256', '--max-semi-space-size=16'];
