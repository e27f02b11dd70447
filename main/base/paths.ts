/** Paths as text with `/` between, as contract, catalog and ports have them; no platform is asked. */

/** Joins a real folder and what lies below it. The folder's own separator stays; `/` works on every system. */
export function joinPath(folder: string, path: string): string {
  return /[/\\]$/.test(folder) ? `${folder}${path}` : `${folder}/${path}`;
}

/** `a/b/IMG_1.CR2` -> `IMG_1.CR2` */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `a/b/IMG_1.CR2` -> `a/b/`; empty where there is no folder. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A name without its last extension; `.hidden` has none. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** In lower case without the dot; empty for none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}
