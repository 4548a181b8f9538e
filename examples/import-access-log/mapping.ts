import { createHash } from 'node:crypto';

import { parseLine, type LoggedRequest } from './log-line.js';

export type InteractionType = 'click' | 'view' | 'engagement';

export interface NewEvent {
  readonly event_id: string;
  readonly partner_id: string;
  readonly campaign_id: string;
  readonly visitor_id: string;
  readonly interaction_type: InteractionType;
  readonly source_url: string;
  readonly destination_url: string;
  readonly occurred_at: string;
}

export interface NewConversion {
  readonly external_id: string;
  readonly visitor_id: string;
  readonly conversion_type: 'purchase';
  readonly value: string;
  readonly currency: string;
  readonly occurred_at: string;
}

/** What was read out of one line, and which. */
export interface FromLine<T> {
  readonly line: number;
  readonly sent: T;
}

export interface PlanOptions {
  /** Where the server's own pages are: `https://shop.example`. */
  readonly site: string;
  /** Whoever gets a path that begins like this has bought something. */
  readonly conversion: string;
  /** Whoever gets a path that begins like this is more than passing by. */
  readonly engagement: string;
  /** Moves all times by whole days, so that the last one is of the last 24 hours. */
  readonly shiftToNow: boolean;
}

export interface Plan {
  readonly lines: number;
  readonly events: readonly FromLine<NewEvent>[];
  readonly conversions: readonly FromLine<NewConversion>[];
  readonly skipped: {
    /** Not GET, or neither 2xx nor 3xx. */
    requests: number;
    robots: number;
    /** A page that says thank you once more for the same order. */
    repeated: number;
    readonly unreadable: number[];
  };
}

const robots = /bot|crawl|spider|slurp|monitor|curl|wget|python-requests/i;
const day = 86_400_000;

/** Turns a whole log into interactions and conversions. */
export function plan(lines: readonly string[], options: PlanOptions, now: Date): Plan {
  const events: FromLine<NewEvent>[] = [];
  const conversions: FromLine<NewConversion>[] = [];
  const skipped: Plan['skipped'] = { requests: 0, robots: 0, repeated: 0, unreadable: [] };
  const requests = lines.map((text) => parseLine(text));
  const shift = options.shiftToNow ? shiftOf(requests, now) : 0;
  const seen = new Map<string, number>();
  const orders = new Set<string>();
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const line = index + 1;
    const request = requests[index];
    const occurrence = (seen.get(text) ?? 0) + 1;
    seen.set(text, occurrence);
    if (!request) skipped.unreadable.push(line);
    else if (request.method !== 'GET' || request.status < 200 || request.status >= 400) skipped.requests++;
    else if (robots.test(request.userAgent)) skipped.robots++;
    else {
      // Of equal lines each has a place of its own, the same at every run.
      const content = `${text}\n${occurrence}`;
      const at = new Date(request.at.getTime() + shift).toISOString();
      const { pathname, searchParams } = new URL(`${options.site}${request.target}`);
      if (!pathname.startsWith(options.conversion))
        events.push({ line, sent: eventOf(request, pathname, searchParams, options, content, at) });
      else {
        const conversion = conversionOf(request, searchParams, content, at);
        if (orders.has(conversion.external_id)) skipped.repeated++;
        else conversions.push({ line, sent: conversion });
        orders.add(conversion.external_id);
      }
    }
  }
  return { lines: lines.length, events, conversions, skipped };
}

function eventOf(
  request: LoggedRequest,
  pathname: string,
  query: URLSearchParams,
  { site, engagement }: PlanOptions,
  content: string,
  occurredAt: string,
): NewEvent {
  const host = hostOf(request.referrer);
  const isLed = host !== undefined && host !== new URL(site).hostname;
  const isTagged = [...query.keys()].some((name) => name.startsWith('utm_'));
  return {
    event_id: idOf(content),
    partner_id: host ?? 'direct',
    campaign_id: nameOf(query.get('utm_campaign')) || nameOf(pathname.split('/')[1]) || 'home',
    visitor_id: visitorOf(request),
    interaction_type: pathname.startsWith(engagement) ? 'engagement' : isTagged || isLed ? 'click' : 'view',
    source_url: host === undefined ? site : (request.referrer as string),
    destination_url: `${site}${request.target}`,
    occurred_at: occurredAt,
  };
}

function conversionOf(
  request: LoggedRequest,
  query: URLSearchParams,
  content: string,
  occurredAt: string,
): NewConversion {
  return {
    external_id: nameOf(query.get('order')) || idOf(content),
    visitor_id: visitorOf(request),
    conversion_type: 'purchase',
    value: query.get('value') || '0',
    currency: query.get('currency') || 'USD',
    occurred_at: occurredAt,
  };
}

/** A pseudonym: who tries all addresses finds the one. */
const visitorOf = ({ address, userAgent }: LoggedRequest): string =>
  createHash('sha256').update(`${address}\n${userAgent}`).digest('hex').slice(0, 32);

function hostOf(referrer: string | undefined): string | undefined {
  if (referrer === undefined || !/^https?:\/\/\S+$/i.test(referrer) || !URL.canParse(referrer)) return undefined;
  return nameOf(new URL(referrer).hostname);
}

/** What the API takes as a name: anybody may have written anything into the log, and half a character is none. */
function nameOf(text: string | null | undefined): string {
  const readable = (text ?? '').replace(/[\p{Cc}\p{Cs}]/gu, '').trim();
  return Array.from(readable).slice(0, 255).join('');
}

/** A UUID (version 8) that is the same for the same content. */
function idOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function shiftOf(requests: readonly (LoggedRequest | undefined)[], now: Date): number {
  const last = requests.reduce((latest, request) => Math.max(latest, request?.at.getTime() ?? 0), 0);
  return last === 0 ? 0 : Math.floor((now.getTime() - last) / day) * day;
}
