import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const site = 'https://shop.example';
const partners = [
  { referrer: 'https://www.search.example/', campaign: 'cpc', weight: 8 },
  { referrer: 'https://social.example/feed', campaign: 'spring-sale', weight: 5 },
  { referrer: 'https://mail.example/inbox?id=7', campaign: 'newsletter', weight: 4 },
  { referrer: 'https://blog.example/best-cribs', campaign: undefined, weight: 3 },
  { referrer: 'http://prices.example:8080/cribs', campaign: 'comparison', weight: 2 },
  { referrer: '-', campaign: undefined, weight: 4 },
];
const pages = ['/', '/cribs', '/cribs/oak', '/prams', '/prams/light?color=red', '/about', '/blog/sleep', '/contact'];
const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
];
const robots = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'python-requests/2.32.3',
];
const day = 86_400;
const span = 45 * day;

/**
 * A web server's log of 45 days that looks real and is always the same for the same seed: visitors who come by partners,
 * look around, come again, and buy something, or not; robots, errors and lines that are none in between.
 */
export function accessLog(count: number, seed = 20_261_121, end = Date.parse('2026-11-20T23:00:00Z') / 1000): string[] {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const logged: { at: number; text: string }[] = [];
  const log = (at: number, address: string, request: string, status: number, referrer: string, agent: string): void => {
    if (at >= end) return;
    const size = status === 304 ? '-' : String(200 + Math.floor(random() * 40_000));
    logged.push({ at, text: `${address} - - [${clock(at)}] "${request}" ${status} ${size} "${referrer}" "${agent}"` });
  };
  let order = 10_470;
  for (let visitor = 0; logged.length < count; visitor++) {
    const address = `203.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`;
    const agent = pick(browsers);
    let at = end - span + Math.floor(random() * span * 0.95);
    for (let visits = 1 + Math.floor(random() * random() * 7); visits > 0 && at < end; visits--) {
      const { referrer, campaign } = weighted(partners, random());
      const tags = campaign === undefined ? '' : `utm_source=x&utm_campaign=${campaign}`;
      let from = referrer;
      for (let views = 1 + Math.floor(random() * 5); views > 0; views--) {
        const page = random() < 0.08 ? '/download/catalogue.pdf' : pick(pages);
        const isFirst = from === referrer;
        const target = isFirst && tags ? `${page}${page.includes('?') ? '&' : '?'}${tags}` : page;
        const luck = random();
        log(at, address, `GET ${target} HTTP/1.1`, luck < 0.03 ? 404 : luck < 0.1 ? 304 : 200, from, agent);
        at += 5 + Math.floor(random() * 120);
        from = `${site}${page}`;
      }
      if (random() < 0.14) {
        log(at, address, 'POST /checkout HTTP/1.1', 303, `${site}/cart`, agent);
        at += 5;
        const value = (5 + Math.floor(random() * random() * 40_000) / 100).toFixed(2);
        const currency = random() < 0.2 ? '&currency=EUR' : '';
        const thanks = `/thank-you?order=A-${++order}&value=${value}${currency}`;
        log(at, address, `GET ${thanks} HTTP/1.1`, 200, `${site}/checkout`, agent);
        at += 5;
        if (random() < 0.1) log(at, address, `GET ${thanks} HTTP/1.1`, 200, '-', agent);
      }
      at += 3_600 + Math.floor(random() * 14 * day);
    }
    if (random() < 0.1) {
      const robotAt = end - Math.floor(random() * span);
      log(robotAt, `198.51.100.${visitor & 255}`, `GET ${pick(pages)} HTTP/1.1`, 200, '-', pick(robots));
    }
    if (random() < 0.02 && at < end)
      logged.push({ at, text: `${address} - - [${clock(at)}] "\\x16\\x03\\x01" 400 226 "-" "-"` });
  }
  return logged
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text);
}

/** A pseudo-random sequence of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function weighted<T extends { readonly weight: number }>(items: readonly T[], at: number): T {
  let left = at * items.reduce((sum, { weight }) => sum + weight, 0);
  return items.find(({ weight }) => (left -= weight) < 0) ?? (items[0] as T);
}

function clock(seconds: number): string {
  const [, dayName, month, year, time] =
    / (\d{2}) (\w{3}) (\d{4}) (\S+)/.exec(new Date(seconds * 1000).toUTCString()) ?? [];
  return `${dayName}/${month}/${year}:${time} +0000`;
}

if (process.argv[1]?.endsWith('generate.js')) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { lines: { type: 'string', default: '10000' }, seed: { type: 'string', default: '20261121' } },
  });
  const text = `${accessLog(Number(values.lines), Number(values.seed)).join('\n')}\n`;
  const [file] = positionals;
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, file.endsWith('.gz') ? gzipSync(text) : text);
}
