import { isIP } from 'node:net';

/** Whom an address stands for: itself, or the /64 of IPv6, of which one household has all. */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return '';
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%', 1)[0] as string).split('::');
  const groups = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  while (groups.length + last.length < 8) groups.push('0');
  return `${[...groups, ...last]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}

/** The hexadecimal groups of a part of an address; one that ends in IPv4 has two more. */
const groupsOf = (part: string): string[] =>
  part.split(':').flatMap((group) => (group === '' ? [] : group.includes('.') ? ['0', '0'] : [group]));
