import { createHash } from 'node:crypto';

export interface Member {
  readonly id: string;
  readonly contexts: readonly string[];
}

/** Something that one worker at a time should do. `context` says whose workers may; without it, all may. */
export interface Slot {
  readonly name: string;
  readonly context?: string;
  /** Slots of one kind are shared evenly, apart from all others. */
  readonly kind?: string;
}

/**
 * Shares slots over workers: rendezvous hashing with a cap of ⌈slots / workers⌉ a worker. A pure function, so every
 * worker computes the same. Only sharing depends on it, never safety: workers may differ for a moment.
 *
 * Rendezvous hashing: Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998.
 * @returns slot name → worker id; a slot that nobody serves is left out
 */
export function assign(slots: readonly Slot[], members: readonly Member[]): Map<string, string> {
  const assigned = new Map<string, string>();
  const byFleet = new Map<string, { fleet: readonly Member[]; slots: Slot[] }>();
  for (const slot of [...slots].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const fleet = members.filter(({ contexts }) => slot.context === undefined || contexts.includes(slot.context));
    if (fleet.length === 0) continue;
    // A slot for everybody is a light one: it must not count against a worker's share of the partitions.
    const key = `${slot.context === undefined} ${slot.kind}: ${fleet.map(({ id }) => id).join()}`;
    const group = byFleet.get(key) ?? { fleet, slots: [] };
    group.slots.push(slot);
    byFleet.set(key, group);
  }
  for (const group of byFleet.values()) {
    const cap = Math.ceil(group.slots.length / group.fleet.length);
    const own = new Map<string, number>();
    for (const slot of group.slots) {
      const ranked = group.fleet
        .filter(({ id }) => (own.get(id) ?? 0) < cap)
        .sort((a, b) => weight(slot.name, b.id) - weight(slot.name, a.id) || (a.id < b.id ? -1 : 1));
      const { id } = ranked[0] as Member;
      assigned.set(slot.name, id);
      own.set(id, (own.get(id) ?? 0) + 1);
    }
  }
  return assigned;
}

const weight = (slot: string, worker: string): number =>
  createHash('sha1').update(`${slot}@${worker}`).digest().readUInt32BE(0);
