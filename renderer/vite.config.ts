/** The page's build. It needs no plugin: the bundler compiles TypeScript and JSX itself (see tsconfig.json, `jsx`). */
declare global {
  interface ImportMeta {
    /** Folder of this file; set by the runtime that loads the configuration. */
    readonly dirname: string;
  }
}

const config = {
  root: import.meta.dirname,
  // relative addresses, so that the same files work under http:// and under the desktop shell's own scheme
  base: './',
  publicDir: false as const,
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // no data: addresses and no inline script, so that the strictest content security policy fits
    assetsInlineLimit: 0,
    modulePreload: false as const,
    reportCompressedSize: false,
    sourcemap: false,
    rolldownOptions: {
      // packages mark files for servers that render React; the page has no such server
      onLog(level: string, log: { code?: string }, report: (level: string, log: object) => void): void {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
};

export default config;
