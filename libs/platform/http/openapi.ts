import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

import { release } from '../release.js';
import { namedSchemas } from './schemas.js';

const description = `
Commands are accepted at once and applied exactly once, in order for the resource that they are for. A command answers
\`202\` with an id and a \`Location\` that tells what became of it; with \`Prefer: wait\` the answer waits for it. Queries
read what has been applied.

Errors are problem documents (RFC 9457): \`code\` is one of few groups, \`reason\` is stable and specific.
`.trim();

const platformTags: Readonly<Record<string, string>> = {
  commands: 'What became of the commands that you have sent',
  health: 'For load balancers and operators',
  operations: 'For operators: what the platform has in hand',
  realtime: 'What happens, as it happens',
};

/** The OpenAPI 3.1 document of everything that the application serves. */
export function openApiDocument(app: NestFastifyApplication, tags: Readonly<Record<string, string>>): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('ContextFlow')
    .setDescription(description)
    .setVersion(release)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .setOpenAPIVersion('3.1.0')
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token (ES256)' });
  for (const [name, about] of Object.entries({ ...tags, ...platformTags })) builder.addTag(name, about);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
  });
  for (const path of Object.values(document.paths))
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete])
      if (operation) operation.security ??= [];
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, ...namedSchemas() } },
  };
}
