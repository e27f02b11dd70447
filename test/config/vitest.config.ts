import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Real processes and browsers need time on a loaded two-core machine; nothing here asserts speed. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    // in CI a test that drives windows and processes may miss its time once; the reporter names each that needed another try
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    reporters: ['default', fileURLToPath(new URL('./reporter.ts', import.meta.url))],
  },
});
