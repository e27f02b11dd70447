/** The part of WebAssembly's JavaScript interface that is used here; TypeScript describes it only for browsers. */
declare namespace WebAssembly {
  interface Module {
    readonly compiled: unique symbol;
  }
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(size: { initial: number });
    readonly buffer: ArrayBuffer;
    grow: (pages: number) => number;
  }
  class RuntimeError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>;
}
