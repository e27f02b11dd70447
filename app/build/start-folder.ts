/**
 * Where the person was when an npm script of this name was started: npm starts scripts in the project's folder and tells that
 * in INIT_CWD. Elsewhere, the working folder.
 */
export function startFolder(script: string): string {
  const { npm_lifecycle_event: running, INIT_CWD: folder } = process.env;
  return running === script && folder ? folder : process.cwd();
}
