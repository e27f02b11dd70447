/** From an embedded preview to the grid's picture, against libjpeg-turbo's scaled decoding and nothing else. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureEdges } from '../../main/ports/index.ts';
import { cameraPictures } from './camera-files.ts';
import { withCodecChild } from './codec-client.ts';
import type { CodecChild, CodecRequest } from './codec-client.ts';
import { formatMs, median, notMeasured } from './figures.ts';
import type { Figure } from './figures.ts';
import type { Material } from './material.ts';
import { buildNative, runNative } from './native.ts';
import type { NativeProgram } from './native.ts';

const rounds = 5;
/** Long edge that the analysis sees. */
const analysisEdge = 1600;

interface Source {
  readonly words: string;
  readonly jpeg: string;
  /** A RAW file of which the analysis takes just this JPEG. */
  readonly raw: string | undefined;
  readonly edge: number;
  readonly times: number;
  readonly aim: Figure['aim'];
}

export async function benchThumbnail(material: Material, log: (text: string) => void): Promise<Figure[]> {
  const scaled = buildNative('scaled', material.folder);
  const [pictures, files] = [await cameraPictures(log), await material.cameraFiles()];
  const raw = (kind: string, megapixels: number): string | undefined => files.find((file) => file.kind === kind && file.megapixels === megapixels)?.path;
  const put = async (name: string, bytes: Uint8Array): Promise<string> => {
    const path = join(material.folder, `${name}.jpg`);
    await writeFile(path, bytes);
    return path;
  };
  const [small, large] = [24, 45].map((megapixels) => pictures.find((each) => each.megapixels === megapixels)!);
  const sources: Source[] = [
    { words: '24 megapixels', jpeg: await put('24', small!.full), raw: raw('cr2', 24), edge: 6000, times: 4, aim: { atMost: 1.35 } },
    { words: '45 megapixels', jpeg: await put('45', large!.full), raw: raw('cr2', 45), edge: 8256, times: 3, aim: { atMost: 1.35 } },
    { words: '1,620 pixels', jpeg: await put('1620', small!.mid), raw: raw('cr3', 24), edge: 1620, times: 20, aim: { atMost: 2 } },
  ];
  return withCodecChild(async (child) => {
    const figures: Figure[] = [];
    for (const source of sources) figures.push(await compare('grid', `Preview of ${source.words} to the grid's picture (512 px JPEG)`, source.jpeg, source, child, scaled));
    for (const source of sources)
      if (source.raw) figures.push(await compare('analysis', `The first pass's way: RAW with a preview of ${source.words} to the analysis' pixels and the grid's picture`, source.raw, source, child, scaled));
    return figures;
  });
}

async function compare(kind: CodecRequest['kind'], name: string, path: string, source: Source, child: CodecChild, scaled: NativeProgram): Promise<Figure> {
  const aim = kind === 'grid' ? source.aim : null;
  const edge = kind === 'grid' ? pictureEdges.grid! : analysisEdge;
  if (!('path' in scaled)) return notMeasured(name, `libjpeg-turbo: ${scaled.absent}`, aim);
  const decode = (eighths: number): number => Number(runNative(scaled.path, { arguments: [String(eighths), ...Array<string>(source.times).fill(source.jpeg)] })[0]![0]) / 1e6 / source.times;
  // every scale that leaves enough pixels; the quickest is the limit
  const scales = [1, 2, 3, 4, 8].filter((eighths) => Math.ceil((source.edge * eighths) / 8) >= edge);
  const best = scales.map((eighths) => ({ eighths, ms: decode(eighths) })).sort((a, b) => a.ms - b.ms)[0]!.eighths;
  const own: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const answer = await child.ask({ kind, path, times: source.times });
    if (!answer.ok) throw new Error(`${path}: ${answer.message}`);
    own.push(answer.ms);
    theirs.push(decode(best));
  }
  return {
    name,
    measured: `${formatMs(median(own))} of processor`,
    against: `libjpeg-turbo's decode at ${best}/8 alone: ${formatMs(median(theirs))}`,
    ratio: median(own.map((ms, round) => ms / theirs[round]!)),
    aim,
  };
}
