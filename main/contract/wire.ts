/**
 * What travels between a page and the engine. Every message is plain JSON, so one form serves MessagePort, WebSocket and
 * process pipes. Ids are chosen by the client and unique per connection.
 */
import { z } from 'zod';
import { errorCodes } from '../base/index.ts';
import type { CodedError, ErrorCode } from '../base/index.ts';

/** One end of a connection; how bytes move is the shell's business. */
export interface Transport {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

const Id = z.number().int().nonnegative();
const Method = z.string().max(64);

export const ToServer = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id: Id, m: Method, in: z.unknown().optional() }),
  z.object({ t: z.literal('cancel'), id: Id }),
  z.object({ t: z.literal('sub'), id: Id, m: Method }),
  z.object({ t: z.literal('unsub'), id: Id }),
]);
export type ToServer = z.infer<typeof ToServer>;

export const WireError: z.ZodType<CodedError> = z.object({
  code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  retry: z.boolean(),
  photoId: z.number().int().optional(),
}) as z.ZodType<CodedError>;

export const ToClient = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ok'), id: Id, out: z.unknown() }),
  z.object({ t: z.literal('err'), id: Id, error: WireError }),
  z.object({ t: z.literal('item'), id: Id, item: z.unknown() }),
  z.object({ t: z.literal('event'), id: Id, data: z.unknown() }),
]);
export type ToClient = z.infer<typeof ToClient>;

/** Two transports joined in memory, for tests and for shells in the engine's own process. Delivery is asynchronous. */
export function createTransportPair(): [Transport, Transport] {
  const sides = [0, 1].map(() => ({ message: [] as ((m: unknown) => void)[], close: [] as (() => void)[] }));
  let open = true;
  const closeAll = (): void => {
    if (!open) return;
    open = false;
    for (const side of sides) for (const listener of side.close) listener();
  };
  const make = (self: number): Transport => ({
    send(message) {
      if (!open) return;
      const copy: unknown = JSON.parse(JSON.stringify(message));
      void Promise.resolve().then(() => {
        if (open) for (const listener of sides[1 - self]!.message) listener(copy);
      });
    },
    onMessage: (listener) => void sides[self]!.message.push(listener),
    onClose: (listener) => void sides[self]!.close.push(listener),
    close: closeAll,
  });
  return [make(0), make(1)];
}
