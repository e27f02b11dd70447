/**
 * A Burkhard-Keller tree (Burkhard and Keller 1973, "Some approaches to best-match file searching") over 64-bit hashes, as
 * other programs search with: nodes that hold their children by distance, and a query that follows every child whose
 * distance the triangle inequality does not rule out.
 */
import { countBits } from '../../main/domain/index.ts';
import type { HashBits } from '../../main/domain/index.ts';

interface Node {
  readonly high: number;
  readonly low: number;
  readonly place: number;
  children: Map<number, Node> | null;
}

export interface BkTree {
  add(hash: HashBits, place: number): void;
  search(hash: HashBits, bits: number, found: (place: number, distance: number) => void): void;
}

export function createBkTree(): BkTree {
  let root: Node | null = null;
  return {
    add(hash, place) {
      const added: Node = { high: hash[0], low: hash[1], place, children: null };
      root ??= added;
      for (let node = root; node !== added; ) {
        const distance = distanceTo(node, hash);
        node.children ??= new Map();
        const child = node.children.get(distance);
        if (!child) node.children.set(distance, added);
        node = child ?? added;
      }
    },
    search(hash, bits, found) {
      const open = root ? [root] : [];
      for (let node = open.pop(); node; node = open.pop()) {
        const distance = distanceTo(node, hash);
        if (distance <= bits) found(node.place, distance);
        if (node.children) for (const [step, child] of node.children) if (Math.abs(step - distance) <= bits) open.push(child);
      }
    },
  };
}

function distanceTo({ high, low }: Node, hash: HashBits): number {
  return countBits(high ^ hash[0]) + countBits(low ^ hash[1]);
}
