export { startWebShell } from './server.ts';
export type { ServedEngine, WebShell, WebShellOptions } from './server.ts';
