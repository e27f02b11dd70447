/** One real decode child, asked directly, so that its death, its time and its memory are seen. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../main/base/index.ts';
import type { StageId } from '../../main/domain/index.ts';
import type { WorkerReply, WorkerRequest } from '../../main/ports/index.ts';

const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
const limitMs = 10_000;

export type Verdict = 'picture' | 'coded' | `harm: ${string}`;

export interface Child {
  /** Looks at one file: a picture, or an error with a code; everything else is harm. */
  judge(path: string, stages: readonly StageId[]): Promise<Verdict>;
  /** The most memory that the child has had so far, in MB; null where the system does not tell. */
  peakMemory(): number | null;
  stop(): void;
}

/** Does the code mean that a file has harmed the program? */
export function isHarmful(code: ErrorCode): boolean {
  return ['internal', 'worker-crashed', 'timeout', 'native-missing', 'closed'].includes(code);
}

export function startChild(): Child {
  let told = '';
  const process: ChildProcess = fork(script, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  process.stderr?.on('data', (data: Buffer) => (told = (told + data.toString()).slice(-2_000)));
  let id = 0;
  const ask = (request: WorkerRequest): Promise<WorkerReply | string> =>
    new Promise((resolve) => {
      const finish = (answer: WorkerReply | string): void => {
        clearTimeout(timer);
        process.off('message', onMessage).off('exit', onExit);
        resolve(answer);
      };
      const onMessage = (reply: WorkerReply | { kind: 'ready' }): void => {
        if (reply.kind !== 'ready' && reply.id === request.id) finish(reply);
      };
      const onExit = (code: number | null, signal: string | null): void => finish(`the child ended (${signal ?? code})`);
      const timer = setTimeout(() => finish(`no answer in ${limitMs / 1000} s`), limitMs);
      process.on('message', onMessage).on('exit', onExit);
      process.send(request);
    });
  return {
    async judge(path, stages) {
      const reply = await ask({ id: ++id, kind: 'analyse', task: { path, stages, known: {}, thumbnail: true } });
      if (typeof reply === 'string') return `harm: ${reply} ${told}`;
      if (reply.kind !== 'analyse') return 'harm: another answer than was asked for';
      if (told.includes('bug in')) return `harm: ${told}`;
      const { result } = reply;
      if (!result.ok) return isHarmful(result.error.code) ? `harm: ${result.error.code}` : 'coded';
      const { error, results, thumbnail } = result.value;
      const codes = [error, ...results.map((each) => each.error)].flatMap((each) => each?.code ?? []);
      const harm = codes.find(isHarmful);
      if (harm) return `harm: ${harm}`;
      if (thumbnail) return 'picture';
      return codes.length > 0 ? 'coded' : 'harm: neither a picture nor a code';
    },
    peakMemory() {
      try {
        const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1];
        return kilobytes ? Math.round(Number(kilobytes) / 1024) : null;
      } catch {
        return null;
      }
    },
    stop: () => void process.kill('SIGKILL'),
  };
}
