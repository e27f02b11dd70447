/** The Emscripten module inside libraw-wasm, which the package itself wraps for browsers and describes no types for. */
declare module 'libraw-wasm/dist/libraw.js' {
  const createModule: (options: Record<string, unknown>) => Promise<{ LibRaw: new () => unknown }>;
  export default createModule;
}
