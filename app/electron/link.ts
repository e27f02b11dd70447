/** What Electron's main process and the engine process say to each other. Page messages pass through unread, as JSON text in the body. */
import type { CodedError, Result } from '../../main/base/index.ts';
import type { PictureOrigin } from '../../main/contract/index.ts';
import type { SourceChoice } from '../../main/domain/index.ts';
import type { PictureView } from '../../main/ports/index.ts';

export interface StartEngine {
  readonly version: string;
  /** The executable and the script of the decode children. */
  readonly workerExecutable: string;
  readonly workerScript: string;
}

export type FolderKind = 'shoot' | 'destination';
export type Granted = Result<{ grant: string; name: string }>;

export type ToHost =
  | { readonly t: 'start'; readonly options: StartEngine }
  /** A page has come. Where the process can take ports, its port travels with this message. */
  | { readonly t: 'open'; readonly page: number }
  | { readonly t: 'page'; readonly page: number }
  | { readonly t: 'gone'; readonly page: number }
  | { readonly t: 'picture'; readonly id: number; readonly photo: number; readonly size: PictureView; readonly from: SourceChoice }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'grant'; readonly id: number; readonly path: string; readonly kind: FolderKind }
  /** The answer to `pick`: a path, or null where the person closed the dialog. */
  | { readonly t: 'picked'; readonly id: number; readonly path: string | null }
  | { readonly t: 'stop' };

export type FromHost =
  /** Nothing is said to the process before this. */
  | { readonly t: 'awake' }
  | { readonly t: 'ready' }
  | { readonly t: 'failed'; readonly error: CodedError }
  | { readonly t: 'page'; readonly page: number }
  | { readonly t: 'gone'; readonly page: number }
  /** The JPEG is the body, and what it is of. */
  | { readonly t: 'picture'; readonly id: number; readonly origin: PictureOrigin }
  | { readonly t: 'no-picture'; readonly id: number; readonly error: CodedError }
  | { readonly t: 'granted'; readonly id: number; readonly result: Granted }
  | { readonly t: 'pick'; readonly id: number; readonly page: number; readonly kind: FolderKind };
