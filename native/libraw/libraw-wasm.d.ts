/** The Emscripten module inside libraw-wasm: the package describes types only for its own wrapper, which is for browsers. */
declare module 'libraw-wasm/dist/libraw.js' {
  const createModule: (options: Record<string, unknown>) => Promise<{ LibRaw: new () => unknown }>;
  export = createModule;
}
