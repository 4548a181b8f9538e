import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

import { policyOf } from './access-policy.js';

/** Ends the start of an API that has a route of which nobody has said who may use it. */
@Injectable()
export class RoutePolicies implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws Error that names every such route */
  onModuleInit(): void {
    const silent = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (metatype ? this.#silentRoutes(metatype as Type) : []));
    if (silent.length > 0)
      throw new Error(
        `${silent.join(', ')}: nothing says who may use ${silent.length > 1 ? 'these routes' : 'this route'}. ` +
          'Add @Authenticated(), @Roles(…), @OptionalToken() or @Public() to the method or its class',
      );
  }

  #silentRoutes(controller: Type): string[] {
    const prototype = controller.prototype as Readonly<Record<string, object>>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => {
        const handler = prototype[name] as object;
        return Reflect.hasMetadata(PATH_METADATA, handler) && !policyOf(controller, handler);
      })
      .map((name) => `${controller.name}.${name}`);
  }
}
