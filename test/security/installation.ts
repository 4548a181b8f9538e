import { newId } from '#kernel';
import type { AppProcess, Environment } from '#testing/app-process.js';
import { Lab } from '#testing/lab.js';
import { MailServer } from '#testing/mail-server.js';

export const allowedOrigins = ['https://app.example.org', 'https://admin.example.org'] as const;

/** A text that is told from everything else wherever it turns up. */
export const canary = (name: string): string => `canary-${name}-${newId().replaceAll('-', '')}`;

/** What runs and is attacked: two APIs, a worker, and secrets of its own. It logs all that it can. */
export class Installation {
  private constructor(
    readonly lab: Lab,
    /** With `allowedOrigins`. */
    readonly api: AppProcess,
    /** Pages of other origins may not read anything here. */
    readonly closedApi: AppProcess,
    readonly environment: Environment,
    /** Those that the processes were started with: no answer, log, message or table may hold them. */
    readonly secrets: readonly string[],
    /** Takes the mails that the workers send. */
    readonly mail: MailServer,
  ) {}

  static async open(): Promise<Installation> {
    const [envelopeKey, commandIdKey, metricsToken] = ['envelope-key', 'command-id-key', 'metrics-token'].map(canary);
    const mail = await MailServer.start();
    const environment = {
      ...mail.settings,
      ENVELOPE_KEYS: `canary:${envelopeKey}`,
      COMMAND_ID_KEY: commandIdKey as string,
      METRICS_TOKEN: metricsToken as string,
      LOG_LEVEL: 'verbose',
    };
    const lab = await Lab.open();
    try {
      const api = await lab.spawn('api', { ...environment, CORS_ORIGINS: allowedOrigins.join(',') });
      const closedApi = await lab.spawn('api', environment);
      const worker = await lab.spawn('worker', environment);
      await Promise.all([api, closedApi, worker].map((process) => process.ready()));
      const passwords = [lab.database.url, lab.broker.url].map((url) => decodeURIComponent(new URL(url).password));
      const secrets = [envelopeKey, commandIdKey, metricsToken, ...passwords] as string[];
      return new Installation(lab, api, closedApi, environment, secrets.filter(Boolean), mail);
    } catch (error) {
      await lab.close();
      await mail.stop();
      throw error;
    }
  }

  /** Starts another worker. */
  worker(): Promise<AppProcess> {
    return this.lab.worker(this.environment);
  }

  async close(): Promise<void> {
    await this.lab.close();
    await this.mail.stop();
  }
}
