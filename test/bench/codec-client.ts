/** Starts a process that is set up as a decode child and asks it how long picture work takes. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { memorySettings } from '../../main/adapters/decode-pool/child.ts';

export interface CodecRequest {
  /**
   * `grid`: a JPEG's bytes to the grid's picture, as for the eye. `analysis`: a RAW file to the pixels of the analysis and the stored
   * thumbnail, as in the first pass. `half`: a RAW file's sensor data at half size.
   */
  readonly kind: 'grid' | 'analysis' | 'half';
  readonly path: string;
  readonly times: number;
}

/** The preview that serves `edge`, found and read in each of the files. */
export interface ExtractRequest {
  readonly kind: 'extract';
  readonly paths: readonly string[];
  readonly edge: number | null;
}

/** Processor milliseconds for each time, after one that does not count. */
export type CodecAnswer = { readonly ok: true; readonly ms: number; readonly width: number; readonly height: number } | { readonly ok: false; readonly message: string };

export interface CodecChild {
  ask(request: CodecRequest | ExtractRequest): Promise<CodecAnswer>;
}

export async function withCodecChild<T>(work: (child: CodecChild) => Promise<T>): Promise<T> {
  const child = fork(fileURLToPath(new URL('./codec-child.ts', import.meta.url)), [], {
    env: { ...memorySettings, ...process.env },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    return await work({
      ask: (request) =>
        new Promise((resolve, reject) => {
          const gone = (): void => reject(new Error(`the process ended during "${request.kind}"`));
          child.once('exit', gone);
          child.once('message', (reply: CodecAnswer) => {
            child.off('exit', gone);
            resolve(reply);
          });
          child.send(request);
        }),
    });
  } finally {
    child.kill();
  }
}
