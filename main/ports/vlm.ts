/** A vision model on another computer, and the key to it. Implemented by adapters/vlm. */
import type { CancelSignal, CodedError } from '../base/index.ts';
import type { EndpointSettings } from '../domain/index.ts';

export interface VlmQuestion {
  readonly endpoint: EndpointSettings;
  readonly system: string;
  readonly text: string;
  /** JPEGs, in the order in which the text speaks of them. What is in them leaves this computer. */
  readonly pictures: readonly Uint8Array[];
  /** JSON Schema that the answer is to follow; servers may ignore it. */
  readonly schema: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}

export type VlmAnswer =
  | { readonly ok: true; readonly text: string; readonly tokens: { readonly in: number; readonly out: number } | null; readonly bytes: number }
  /**
   * `retryAfterMs`: how long the server asks to wait, where it does. `isThrottled`: it has too much to do. `mayBeBilled`: the server may have done its work though
   * no answer came (too late, cut off, cancelled, failed).
   */
  | { readonly ok: false; readonly error: CodedError; readonly retryAfterMs: number | null; readonly isThrottled: boolean; readonly mayBeBilled: boolean };

export interface Vlm {
  /**
   * One request, one answer; nothing is tried twice here. Errors, those with `retry` worth another try: credentials-missing, access-denied, place-missing (address or
   * model), place-unreachable (name, connection, certificate), place-busy, place-failed (no such server, no vision), bad-input (this one question is refused; another may not
   * be), timeout, cancelled. A server that answers without a word (a refusal, all tokens used up) is an answer of no letters.
   */
  ask(question: VlmQuestion, signal?: CancelSignal): Promise<VlmAnswer>;
}

/** What nobody may see: never in the page, in a file of ours, in a log or in an error's text. */
export interface Secrets {
  /** Of the vision model's endpoint; null where there is none, as for a server of one's own. */
  vlmKey(): Promise<string | null>;
}

/** Where the endpoint is; kept in the user's data folder. */
export interface EndpointBook {
  /** Null where none was set, or what is kept is damaged. */
  read(): Promise<EndpointSettings | null>;
}
