/**
 * Messages with an optional body of bytes over one stream: 4 bytes length of the JSON text, 4 bytes length of the body
 * (unsigned, little endian), the text in UTF-8, the body.
 * [Note: own framing] Node's own IPC would do between equals, but the two ends are different builds of V8 (Electron's and
 * Node's), whose 'advanced' serialization need not be the same version, and 'json' cannot carry pixels.
 */
import type { Duplex } from 'node:stream';

/** One end of the line between Electron's main process and the engine process. */
export interface Channel<Sent, Received> {
  send(message: Sent, body?: Uint8Array): void;
  onMessage(listener: (message: Received, body: Uint8Array | null) => void): void;
  /** Called once, when the other end is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

const headerBytes = 8;
/** Larger than any picture or list of ours; what claims to be larger is not our protocol. */
const mostBytes = 512 * 1024 * 1024;

/** Splits a stream of chunks into frames. Large bodies are copied once. */
export function createFrameReader(onFrame: (text: string, body: Uint8Array | null) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let available = 0;
  let lengths: { text: number; body: number } | null = null;

  const take = (count: number): Buffer => {
    const joined = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, available);
    chunks = joined.length > count ? [joined.subarray(count)] : [];
    available = joined.length - count;
    return joined.subarray(0, count);
  };

  return (chunk) => {
    chunks.push(chunk);
    available += chunk.length;
    for (;;) {
      if (!lengths) {
        if (available < headerBytes) return;
        const header = take(headerBytes);
        lengths = { text: header.readUInt32LE(0), body: header.readUInt32LE(4) };
        if (lengths.text + lengths.body > mostBytes) throw new Error(`a frame of ${lengths.text + lengths.body} bytes is not ours`);
      }
      if (available < lengths.text + lengths.body) return;
      const text = take(lengths.text).toString('utf8');
      const body = lengths.body > 0 ? take(lengths.body) : null;
      lengths = null;
      onFrame(text, body);
    }
  };
}

/** A channel over a duplex stream (a pipe between two processes). */
export function createStreamChannel<Sent, Received>(stream: Duplex): Channel<Sent, Received> {
  const messageListeners: ((message: Received, body: Uint8Array | null) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  const read = createFrameReader((text, body) => {
    const message = JSON.parse(text) as Received;
    for (const listener of messageListeners) listener(message, body);
  });
  stream.on('data', (chunk: Buffer) => read(chunk));
  // a pipe that breaks because the other end died is told by 'close', which follows
  stream.on('error', () => stream.destroy());
  stream.on('end', () => stream.destroy());
  stream.once('close', () => {
    for (const listener of closeListeners.splice(0)) listener();
  });

  return {
    send(message, body) {
      if (!stream.writable) return;
      const text = Buffer.from(JSON.stringify(message));
      const header = Buffer.alloc(headerBytes);
      header.writeUInt32LE(text.length, 0);
      header.writeUInt32LE(body?.byteLength ?? 0, 4);
      stream.cork();
      stream.write(header);
      stream.write(text);
      if (body && body.byteLength > 0) stream.write(body);
      stream.uncork();
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => void stream.end(),
  };
}
