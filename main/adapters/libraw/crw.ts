/**
 * Works around a fault of LibRaw 0.22 where addresses have 32 bits: in a Canon CRW it reads the maker's name in 64 bytes, steps back
 * to the end of the name, and by the way that step is computed ends up behind the file instead; the model stays unknown, and with
 * it the colours of its sensor. A name that fills its 64 bytes needs no step back: so the record (CIFF tag 0x080a, "Canon\0model\0")
 * is replaced by one in which name and model have 64 bytes each. Layout: CIFF specification 1.0 revision 4, Canon.
 */

const makeAndModel = 0x080a;
const heapHead = 26;
const fieldBytes = 64;

/** The same bytes where this is no CRW or has no such record; a changed copy otherwise. */
export function separateCrwModel(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < heapHead + 4 || textAt(bytes, 6, 8) !== 'HEAPCCDR' || view.getUint16(0) !== 0x4949) return bytes;
  const start = view.getUint32(2, true);
  const record = findRecord(view, start, bytes.length, 0);
  if (!record) return bytes;
  const [make = '', model = ''] = textAt(bytes, record.offset, record.length).split('\0');
  if (make === '' || model === '') return bytes;
  // The heap's last four bytes say where its directory is: they stay last.
  const added = fieldBytes * 2;
  const changed = new Uint8Array(bytes.length + added);
  const kept = bytes.length - 4;
  changed.set(bytes.subarray(0, kept));
  writeText(changed, kept, make.padEnd(fieldBytes - 1, ' '));
  writeText(changed, kept + fieldBytes, model.slice(0, fieldBytes - 1));
  changed.set(bytes.subarray(kept), kept + added);
  const entry = new DataView(changed.buffer, record.entry, 10);
  entry.setUint32(2, added, true);
  entry.setUint32(6, kept - record.heap, true);
  return changed;
}

interface Found {
  readonly entry: number;
  readonly heap: number;
  readonly offset: number;
  readonly length: number;
}

/** Walks a heap and those inside it; `start` and `end` are places in the file. */
function findRecord(view: DataView, start: number, end: number, depth: number): Found | null {
  if (depth > 8 || end - start < 6 || end > view.byteLength) return null;
  const directory = start + view.getUint32(end - 4, true);
  if (directory + 2 > end) return null;
  const count = Math.min(view.getUint16(directory, true), 512);
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * 10;
    if (entry + 10 > end) return null;
    const tag = view.getUint16(entry, true);
    const length = view.getUint32(entry + 2, true);
    const offset = start + view.getUint32(entry + 6, true);
    if (offset + length > end) continue;
    if (tag === makeAndModel) return { entry, heap: start, offset, length };
    if (tag >> 8 === 0x28 || tag >> 8 === 0x30) {
      const inner = findRecord(view, offset, offset + length, depth + 1);
      if (inner) return inner;
    }
  }
  return null;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 256)));
}

function writeText(into: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) into[at + index] = text.charCodeAt(index);
}
