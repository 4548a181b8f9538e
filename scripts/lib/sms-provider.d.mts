export interface TextMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly callback: string | undefined;
  readonly at: string;
}

/** What is done with messages to a number: nothing, an end of the connection, or a refusal. */
export type SmsBehaviour = 'hang' | 'drop' | { readonly status?: number; readonly code?: number };

export interface SmsProvider {
  readonly url: string;
  readonly messages: readonly TextMessage[];
  /** What workers and APIs are started with to send by it. */
  readonly settings: Readonly<Record<'SMS_URL' | 'SMS_ACCOUNT' | 'SMS_TOKEN' | 'SMS_FROM' | 'WHATSAPP_FROM', string>>;
  behave(to: string, behaviour: SmsBehaviour): void;
  /** Reports what became of a message, signed. */
  report(url: string, form: Readonly<Record<string, string>>): Promise<Response | undefined>;
  sign(url: string, form: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

export function startSmsProvider(options?: { port?: number; account?: string; token?: string }): Promise<SmsProvider>;
