/** Sidecars as other programs write them: exiftool and exiv2 make them here, and what they say is read back. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSidecar } from '../../main/domain/index.ts';
import { findProgram, need } from '../config/needs.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'parjanya-sidecar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = ['harbour', 'Tj\u00f6rn', 'R&D <lab>', '\u6e2f "quay"'];
const expected = { rating: 4, label: 'Gr\u00fcn & gut', keywords: words };

test('of exiftool, in both of its forms', (context) => {
  const exiftool = findProgram('exiftool');
  need(context, 'exiftool', exiftool !== null, 'no exiftool on this machine');
  const values = ['-XMP-xmp:Rating=4', `-XMP-xmp:Label=${expected.label}`, ...words.map((word) => `-XMP-dc:Subject=${word}`), '-XMP-xmpDM:Good=True', '-XMP-photoshop:SidecarForExtension=CR3'];
  for (const [name, form] of [['elements.xmp', []], ['attributes.xmp', ['-api', 'Compact=Shorthand']], ['compact.xmp', ['-api', 'Compact=OneDesc,NoIndent,NoNewline']]] as const) {
    execFileSync(exiftool!, ['-q', '-charset', 'utf8', '-codedcharacterset=utf8', ...form, ...values, join(folder, name)], { stdio: 'ignore' });
    expect(readSidecar(readFileSync(join(folder, name))), name).toEqual({ ok: true, value: { ...expected, flag: 'pick', forExtension: 'cr3' } });
  }
});

test('of exiv2', async (context) => {
  const exiv2 = findProgram('exiv2');
  need(context, 'exiv2', exiv2 !== null, 'no exiv2 on this machine');
  const photo = join(folder, 'photo.jpg');
  writeFileSync(photo, await makeJpeg(drawScene({ seed: 31, width: 64, height: 48 })));
  const commands = [
    'set Xmp.xmp.Rating XmpText 4', `set Xmp.xmp.Label XmpText ${expected.label}`, ...words.map((word) => `set Xmp.dc.subject XmpBag ${word}`),
    'reg digiKam http://www.digikam.org/ns/1.0/', 'set Xmp.digiKam.PickLabel XmpText 1',
  ];
  execFileSync(exiv2!, [...commands.flatMap((command) => ['-M', command]), photo], { stdio: 'ignore' });
  execFileSync(exiv2!, ['-eX', photo], { stdio: 'ignore' });
  expect(readSidecar(readFileSync(join(folder, 'photo.xmp')))).toEqual({ ok: true, value: { ...expected, flag: 'reject', forExtension: null } });
});
