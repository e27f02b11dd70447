/**
 * A Burkhard-Keller tree (Burkhard and Keller 1973, "Some approaches to best-match file searching") over 64-bit hashes, as
 * other programs search with: nodes that hold their children by distance, and a query that follows every child whose
 * distance the triangle inequality does not rule out.
 */
import { hashDistance } from '../../main/domain/index.ts';
import type { HashBits } from '../../main/domain/index.ts';

interface Node {
  readonly hash: HashBits;
  readonly place: number;
  readonly children: Map<number, Node>;
}

export interface BkTree {
  add(hash: HashBits, place: number): void;
  search(hash: HashBits, bits: number, found: (place: number, distance: number) => void): void;
}

export function createBkTree(): BkTree {
  let root: Node | null = null;
  return {
    add(hash, place) {
      const added: Node = { hash, place, children: new Map() };
      if (!root) root = added;
      for (let node = root; node !== added; ) {
        const distance = hashDistance(node.hash, hash);
        const child = node.children.get(distance);
        if (!child) node.children.set(distance, added);
        node = child ?? added;
      }
    },
    search(hash, bits, found) {
      const open = root ? [root] : [];
      for (let node = open.pop(); node; node = open.pop()) {
        const distance = hashDistance(node.hash, hash);
        if (distance <= bits) found(node.place, distance);
        for (const [step, child] of node.children) if (Math.abs(step - distance) <= bits) open.push(child);
      }
    },
  };
}
