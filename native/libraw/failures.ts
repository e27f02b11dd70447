/** What a throw out of LibRaw means. Its numbers are those of libraw_const.h (LibRaw 0.22). */

export interface LibrawFailure {
  /** `LibRaw_errors` or, positive, `LibRaw_exceptions`; null where it was something else (a trap of WebAssembly). */
  readonly number: number | null;
  readonly kind: 'unsupported' | 'truncated' | 'damaged' | 'too-large';
  readonly detail: string;
}

/** LibRaw_errors, as libraw-wasm names them in the texts of its own exceptions. */
const errors: Readonly<Record<number, LibrawFailure['kind']>> = {
  [-2]: 'unsupported', // LIBRAW_FILE_UNSUPPORTED
  [-7]: 'unsupported', // LIBRAW_NOT_IMPLEMENTED
  [-100_007]: 'too-large', // LIBRAW_UNSUFFICIENT_MEMORY
  [-100_009]: 'truncated', // LIBRAW_IO_ERROR
  [-100_012]: 'too-large', // LIBRAW_TOO_BIG
  [-100_013]: 'too-large', // LIBRAW_MEMPOOL_OVERFLOW
};

/** LibRaw_exceptions, which leave LibRaw as bare numbers because it is compiled without catching them. */
const exceptions: Readonly<Record<number, LibrawFailure['kind']>> = {
  1: 'too-large', // ALLOC
  4: 'truncated', // IO_EOF
  10: 'too-large', // TOOBIG
  11: 'too-large', // MEMPOOL
  12: 'unsupported', // UNSUPPORTED_FORMAT
};
const lastException = 12;

/** Reads what was thrown out of the memory of the module that threw it. */
export function explainLibrawError(error: unknown, memory: WebAssembly.Memory): LibrawFailure {
  if (typeof error !== 'object' || error === null || !('excPtr' in error) || typeof error.excPtr !== 'number')
    return { number: null, kind: 'damaged', detail: error instanceof Error ? error.message : String(error) };
  const view = new DataView(memory.buffer);
  const first = readWord(view, error.excPtr);
  // A std::exception starts with the address of its table of functions, which is no small number.
  if (first !== null && first <= lastException) return { number: first, kind: exceptions[first] ?? 'damaged', detail: `LibRaw exception ${first}` };
  const detail = readText(view, readWord(view, error.excPtr + 4) ?? 0);
  const code = /code (-?\d+)/.exec(detail)?.[1];
  if (code === undefined) return { number: null, kind: 'damaged', detail: detail || 'unknown exception' };
  return { number: Number(code), kind: errors[Number(code)] ?? 'damaged', detail };
}

function readWord(view: DataView, at: number): number | null {
  return at > 0 && at + 4 <= view.byteLength ? view.getUint32(at, true) : null;
}

function readText(view: DataView, start: number): string {
  let text = '';
  for (let at = start; at > 0 && at < view.byteLength && text.length < 200; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return /^[\x20-\x7e]*$/.test(text) ? text : '';
}
