import type { Environment } from './app-process.js';
import type { Servers } from './servers.js';
import { TcpProxy } from './tcp-proxy.js';

/** A bad network between some processes and both servers. */
export class Wire {
  private constructor(
    private readonly servers: Servers,
    readonly postgres: TcpProxy,
    readonly rabbitmq: TcpProxy,
  ) {}

  static async to(servers: Servers): Promise<Wire> {
    const [postgres, rabbitmq] = await Promise.all([
      TcpProxy.before(servers.databaseUrl),
      TcpProxy.before(servers.rabbitmqUrl),
    ]);
    return new Wire(servers, postgres, rabbitmq);
  }

  /** For processes that are to live behind it. */
  get environment(): Environment {
    return {
      DATABASE_URL: this.postgres.url(this.servers.databaseUrl),
      RABBITMQ_URL: this.rabbitmq.url(this.servers.rabbitmqUrl),
    };
  }

  /** Ends every fault on both. */
  pass(): void {
    for (const proxy of this.#both) proxy.pass();
  }

  async close(): Promise<void> {
    await Promise.all(this.#both.map((proxy) => proxy.close()));
  }

  get #both(): readonly TcpProxy[] {
    return [this.postgres, this.rabbitmq];
  }
}
