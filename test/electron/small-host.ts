/** The engine process of the shell's own tests: the real line, a small engine. PARJANYA_SMALL_JPEG names the picture's file. */
import { readFileSync } from 'node:fs';
import { openHostLine, serveHostLine } from '../../app/electron/host-line.ts';
import { ok } from '../../main/base/index.ts';
import { createSmallEngine } from '../browser/small-engine.ts';

serveHostLine(openHostLine(), async () => ok(createSmallEngine(readFileSync(process.env['PARJANYA_SMALL_JPEG'] ?? ''))));
