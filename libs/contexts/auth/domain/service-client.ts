import { Aggregate, fold, on } from '#kernel';

import {
  ServiceClientCreated,
  ServiceClientCredentialsSet,
  ServiceClientNotFound,
  ServiceClientRevoked,
  type CreateServiceClient,
} from '../contract/index.js';

interface ServiceClientState {
  readonly isRevoked: boolean;
}

/** A program that calls in its own name. */
export class ServiceClient extends Aggregate<ServiceClientState> {
  static readonly streamType = 'auth.service_client';
  static readonly NotFound = ServiceClientNotFound;

  protected readonly evolve = fold<ServiceClientState>(
    on(ServiceClientCreated, () => ({ isRevoked: false })),
    on(ServiceClientCredentialsSet, (client) => client),
    on(ServiceClientRevoked, () => ({ isRevoked: true })),
  );

  open({ name, roles = ['service'], secretHash }: CreateServiceClient): void {
    this.record(new ServiceClientCreated({ clientId: this.id, name, roles }));
    this.record(new ServiceClientCredentialsSet({ clientId: this.id, secretHash }));
  }

  revoke(): void {
    if (!this.state.isRevoked) this.record(new ServiceClientRevoked({ clientId: this.id }));
  }
}
