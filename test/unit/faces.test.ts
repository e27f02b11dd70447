/** Which faces matter, what their eyes say, and how crops are cut; and the stage on models made here, whose answers are known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRunner } from '../../main/adapters/onnx/index.ts';
import { eyesOf, findWorstFace, importantFaces, judge, modelSpecs, weighFaces, yunetEdge } from '../../main/domain/index.ts';
import type { FaceMeasure, ModelId, PhotoFacts } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { createScales, sampleCrop } from '../../main/stages/faces/crop.ts';
import { stateOfEye } from '../../main/stages/faces/eyes.ts';
import { measureFaces } from '../../main/stages/faces/index.ts';
import { createRandom } from '../fixtures/index.ts';
import { writeConstantOnnx } from '../fixtures/onnx.ts';
import { face, facesOf, goodMeasures, photoFacts } from './photo-facts.ts';
import { createFolderLocator, modelFileNames } from '../fixtures/model-folder.ts';

describe('which faces matter', () => {
  it('the large, central, sharp one most; each of the three counts by itself', () => {
    const box = { x: 0.4, y: 0.4, w: 0.2, h: 0.2 };
    const [one, smaller, aside, softer, cut] = weighFaces([
      { box, sharpness: 0.8 },
      { box: { x: 0.45, y: 0.45, w: 0.1, h: 0.1 }, sharpness: 0.8 },
      { box: { ...box, x: 0.75 }, sharpness: 0.8 },
      { box, sharpness: 0.2 },
      { box: { ...box, y: -0.1 }, sharpness: 0.8 },
    ]);
    expect(one).toBe(1);
    for (const other of [smaller, aside, softer, cut]) expect(other).toBeLessThan(0.9);
    expect(smaller).toBeCloseTo(0.5, 1);
    expect(weighFaces([])).toEqual([]);
    expect(weighFaces([{ box, sharpness: 0 }])).toEqual([1]);
  });

  it('rows of a group matter, passers-by do not', () => {
    const row = Array.from({ length: 8 }, (_, at) => ({ box: { x: 0.05 + at * 0.115, y: 0.4, w: 0.08, h: 0.12 }, sharpness: 0.6 }));
    const passer = { box: { x: 0.93, y: 0.1, w: 0.03, h: 0.045 }, sharpness: 0.1 };
    const weights = weighFaces([...row, passer]);
    const faces = weights.map((importance) => face('open', 'open', importance));
    expect(importantFaces(facesOf(...faces))).toHaveLength(8);
  });
});

describe('what eyes say', () => {
  it('both together: an eye that cannot be told follows the other', () => {
    const told = (['open', 'closed', 'unknown'] as const).flatMap((right) => (['open', 'closed', 'unknown'] as const).map((left) => eyesOf(face(left, right))));
    expect(told).toEqual(['open', 'one-closed', 'open', 'one-closed', 'closed', 'closed', 'open', 'closed', 'unknown']);
  });

  it('the worst important face is the one that counts; the unknown is no reason against a photo', () => {
    const worst = (...faces: FaceMeasure[]) => findWorstFace(facesOf(...faces));
    expect(worst()).toBeNull();
    expect(worst(face('open', 'open'), face('closed', 'closed', 0.8), face('closed', 'open', 0.7))).toMatchObject({ eyes: 'closed', face: { importance: 0.8 } });
    expect(worst(face('open', 'open'), face('closed', 'closed', 0.2))).toMatchObject({ eyes: 'open' });
    expect(worst(face('unknown', 'unknown'), face('open', 'open', 0.5))).toMatchObject({ eyes: 'open' });
    expect(worst(face('unknown', 'unknown'))).toMatchObject({ eyes: 'unknown' });
  });

  it('says nothing where the two measures differ, and never turns from open to closed as both rise', () => {
    expect([stateOfEye(0.99, 0.3), stateOfEye(0.01, 0.08), stateOfEye(0.99, 0.08), stateOfEye(0.01, 0.3), stateOfEye(0.5, 0.3), stateOfEye(0.5, 0.05)]).toEqual(['open', 'closed', 'unknown', 'unknown', 'unknown', 'unknown']);
    const random = createRandom(11);
    const order = { closed: 0, unknown: 1, open: 2 };
    for (let round = 0; round < 2_000; round++) {
      const [openness, ratio] = [random.next(), random.between(0, 0.5)];
      const before = order[stateOfEye(openness, ratio)];
      expect(order[stateOfEye(Math.min(1, openness + random.next()), ratio + random.next())]).toBeGreaterThanOrEqual(before);
    }
    expect(stateOfEye(Number.NaN, 0.3)).toBe('unknown');
    expect(stateOfEye(0.9, Number.NaN)).toBe('unknown');
  });
});

describe('what eyes say of a photo', () => {
  const withFaces = (...faces: FaceMeasure[]): Partial<PhotoFacts> => ({ measures: { ...goodMeasures, faces: facesOf(...faces) } });
  const judged = (...faces: FaceMeasure[]): string => {
    const { verdict, reasons } = judge(photoFacts(1, 0, '0123456789abcdef', withFaces(...faces)))!;
    return `${verdict}: ${reasons.map(({ code, region }) => (region ? `${code}@${region.x}` : code)).join(' ')}`;
  };

  it('closed eyes ask for a look; a wink and what cannot be told are mentioned and change nothing', () => {
    expect(judged(face('open', 'open'))).toBe('keep: good-quality');
    expect(judged(face('closed', 'closed'))).toBe('review: eyes-closed@0.3');
    expect(judged(face('open', 'open'), face('closed', 'closed', 0.2))).toBe('keep: good-quality');
    expect(judged(face('open', 'closed'))).toMatch(/ eyes-one-closed@0.3$/);
    expect(judged(face('unknown', 'unknown'))).toBe('keep: good-quality eyes-unknown@0.3');
    expect(judged()).toBe('keep: good-quality');
  });
});

describe('crops', () => {
  /** Red rises to the right, green downwards, blue is even. */
  const ramp = (width: number, height: number): Pixels => {
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([(255 * x) / (width - 1), (255 * y) / (height - 1), 51], (y * width + x) * 3);
    return { width, height, channels: 3, data };
  };
  const cut = (pixels: Pixels, crop: Parameters<typeof sampleCrop>[1], columns: number, rows: number): Float32Array => {
    const into = new Float32Array(3 * columns * rows);
    sampleCrop(createScales(pixels), crop, columns, rows, into);
    return into;
  };

  it('the whole picture at its own size is the picture', () => {
    const pixels = ramp(40, 30);
    const planes = cut(pixels, { center: { x: 20, y: 15 }, width: 40, height: 30, angle: 0 }, 40, 30);
    for (let at = 0; at < 1200; at++) for (let channel = 0; channel < 3; channel++) expect(planes[at + channel * 1200]! * 255).toBeCloseTo(pixels.data[3 * at + channel]!, 3);
  });

  it('turns by its angle and mirrors', () => {
    const pixels = ramp(101, 101);
    const square = { center: { x: 50.5, y: 50.5 }, width: 60, height: 60 };
    const at = (planes: Float32Array, column: number, row: number): number[] => [planes[row * 20 + column]!, planes[400 + row * 20 + column]!];
    const plain = cut(pixels, { ...square, angle: 0 }, 20, 20);
    const quarter = cut(pixels, { ...square, angle: Math.PI / 2 }, 20, 20);
    const mirrored = cut(pixels, { ...square, angle: 0, isMirrored: true }, 20, 20);
    for (const [column, row] of [[2, 3], [10, 17], [18, 5]] as const) {
      // along the crop's x axis the picture goes down; along its y axis to the left
      expect(at(quarter, column, row)[0]).toBeCloseTo(at(plain, 19 - row, column)[0]!, 1);
      expect(at(quarter, column, row)[1]).toBeCloseTo(at(plain, 19 - row, column)[1]!, 1);
      expect(at(mirrored, column, row)[0]).toBeCloseTo(at(plain, 19 - column, row)[0]!, 3);
    }
  });

  it('shrinks by means of all pixels: the finest checkers become even grey', () => {
    const size = 256;
    const data = new Uint8Array(size * size * 3).map((_, at) => ((Math.floor(at / 3) % size) + Math.floor(at / 3 / size)) % 2 ? 255 : 0);
    const planes = cut({ width: size, height: size, channels: 3, data }, { center: { x: 128, y: 128 }, width: 256, height: 256, angle: 0.3 }, 24, 24);
    const inner = [...planes.subarray(8 * 24 + 8, 8 * 24 + 16)];
    for (const value of inner) expect(value).toBeCloseTo(0.5, 1);
  });

  it('is black outside the picture, and takes grey pictures', () => {
    const grey: Pixels = { width: 10, height: 10, channels: 1, data: new Uint8Array(100).fill(200) };
    const planes = cut(grey, { center: { x: 0, y: 0 }, width: 20, height: 20, angle: 0 }, 20, 20);
    expect([planes[0], planes[5 * 20 + 5]]).toEqual([0, 0]);
    for (let channel = 0; channel < 3; channel++) expect(planes[channel * 400 + 15 * 20 + 15]! * 255).toBeCloseTo(200, 1);
    expect([...cut(grey, { center: { x: 1e9, y: Number.NaN }, width: 5, height: 5, angle: 1 }, 4, 4)].every((value) => value === 0)).toBe(true);
  });
});

describe('the stage on models whose answers are known', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parjanya-faces-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const plant = (model: ModelId, answers: Readonly<Record<string, (data: Float32Array) => void>>): void => {
    const { inputs, outputs } = modelSpecs[model];
    const written = outputs.map(({ name, dims }) => {
      const sizes = dims.map((dim) => dim ?? 2);
      const data = new Float32Array(sizes.reduce((product, dim) => product * dim, 1));
      answers[name]?.(data);
      return { name, dims: sizes, data };
    });
    writeFileSync(join(folder, modelFileNames[model]), writeConstantOnnx(inputs.map(({ name, dims }) => ({ name, dims: dims.map((dim) => dim ?? 'batch') })), written));
  };
  /** One face of 160 x 192 pixels of the detector's 640, its middle in cell 10, 10 of the coarsest grid. */
  const plantDetector = (): void =>
    plant('yunet', {
      cls_32: (data) => void (data[10 * 20 + 10] = 0.81),
      obj_32: (data) => void (data[10 * 20 + 10] = 1),
      bbox_32: (data) => data.set([0.5, 0.5, Math.log(5), Math.log(6)], 4 * (10 * 20 + 10)),
      kps_32: (data) => data.set([-0.5, -0.5, 1.5, -0.5], 10 * (10 * 20 + 10)),
    });
  /** A mesh that fills the middle of its square, eyes level and 24 of 192 pixels wide; `depth` of the subject's left outer corner. */
  const plantMesh = (presence: number, depth = 0): void =>
    plant('face-mesh', {
      conv2d_20: (data) => {
        for (let index = 0; index < 468; index++) data.set([32 + (index % 22) * 6, 32 + Math.floor(index / 22) * 6, 0], 3 * index);
        data.set([50, 80, 0], 3 * 33);
        data.set([74, 80, 0], 3 * 133);
        data.set([118, 80, 0], 3 * 362);
        data.set([142, 80, depth], 3 * 263);
        data.set([96, 32, 0], 3 * 10);
        data.set([96, 160, 0], 3 * 152);
      },
      conv2d_30: (data) => void (data[0] = presence),
    });
  /** Corners 40 apart; three pairs of lid points `opening` apart. */
  const plantIris = (opening: number): void =>
    plant('iris', {
      output_eyes_contours_and_brows: (data) => {
        data.set([10, 32, 0], 0);
        data.set([50, 32, 0], 3 * 8);
        for (const [low, high] of [[3, 11], [4, 12], [5, 13]] as const) {
          data.set([30, 32 + opening / 2, 0], 3 * low);
          data.set([30, 32 - opening / 2, 0], 3 * high);
        }
      },
    });
  const plantOcec = (openness: number): void => plant('ocec', { prob_open: (data) => void data.fill(openness) });

  const grey = (width: number, height: number): Pixels => ({ width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(150) });
  const measure = async (pixels: Pixels, decodeLarger: Parameters<typeof measureFaces>[1]['decodeLarger'] = null) => {
    const result = await measureFaces(pixels, { runner: createModelRunner({ locate: createFolderLocator([folder]) }), decodeLarger });
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };
  const eyesAre = async (pixels = grey(1280, 960)): Promise<unknown> => (await measure(pixels)).faces.map(({ eyes }) => [eyes.right.state, eyes.right.why, eyes.left.state, eyes.left.why]);

  it('reads boxes and scores off the detector\'s grids, in fractions of a picture that is not square', async () => {
    plantDetector();
    plantMesh(30);
    plantIris(12);
    plantOcec(0.95);
    const { faces, edge } = await measure(grey(1280, 960));
    expect(edge).toBe(1280);
    expect(faces).toHaveLength(1);
    const { box, score, importance, pose, eyes } = faces[0]!;
    const cell = 10.5 * 32;
    expect(score).toBeCloseTo(0.9, 4);
    expect(importance).toBe(1);
    expect(box.x).toBeCloseTo((cell - 80) / yunetEdge, 4);
    expect(box.w).toBeCloseTo(160 / yunetEdge, 4);
    // 960 rows become 480 of the detector's 640
    expect(box.y).toBeCloseTo((cell - 96) / 480, 4);
    expect(box.h).toBeCloseTo(192 / 480, 4);
    expect(pose).toEqual({ yaw: 0, pitch: 0, roll: 0 });
    expect(eyes.right).toMatchObject({ state: 'open', openness: 0.95, ratio: 0.3 });
    // the corners are 24 of 192 pixels apart in a square of 1.5 times the mesh
    expect(eyes.right.width).toBeGreaterThan(20);
    expect(eyes.right.corners![0].x).toBeLessThan(eyes.right.corners![1].x);
    expect(eyes.left.corners![0].x).toBeGreaterThan(eyes.left.corners![1].x);
  });

  it('says closed only where both say so, and why not', async () => {
    plantDetector();
    plantMesh(30);
    plantIris(4);
    plantOcec(0.05);
    expect(await eyesAre()).toEqual([['closed', null, 'closed', null]]);
    plantIris(12);
    expect(await eyesAre()).toEqual([['unknown', 'disagree', 'unknown', 'disagree']]);
    plantOcec(0.95);
    expect(await eyesAre()).toEqual([['open', null, 'open', null]]);
    plantMesh(-5);
    expect(await eyesAre()).toEqual([['unknown', 'hidden', 'unknown', 'hidden']]);
    plantMesh(30, 90);
    expect(await eyesAre()).toEqual([['unknown', 'turned', 'unknown', 'turned']]);
    plantMesh(30);
    expect(await eyesAre(grey(320, 240))).toEqual([['unknown', 'small', 'unknown', 'small']]);
  });

  it('asks once for a larger picture where the eyes are small, and does without where there is none', async () => {
    plantDetector();
    plantMesh(30);
    plantIris(12);
    plantOcec(0.95);
    const asked: number[] = [];
    const larger = await measure(grey(320, 240), async (edge) => {
      asked.push(edge);
      return { ok: true, value: grey(1280, 960) };
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeGreaterThan(320);
    expect(larger).toMatchObject({ edge: 1280, faces: [{ eyes: { left: { state: 'open' } } }] });
    expect(await measure(grey(320, 240), async () => null)).toMatchObject({ edge: 320, faces: [{ eyes: { left: { why: 'small' } } }] });
    expect(await measure(grey(320, 240), async () => ({ ok: false, error: { code: 'truncated', message: '', retry: false } }))).toMatchObject({ edge: 320, faces: [{ eyes: { left: { why: 'small' } } }] });
  });

  it('takes answers that are no numbers for no face, and pixels that are none for an error', async () => {
    plantMesh(30);
    plant('yunet', Object.fromEntries(modelSpecs.yunet.outputs.map(({ name }) => [name, (data: Float32Array) => void data.fill(name.startsWith('bbox') ? 1e9 : Number.NaN)])));
    expect((await measure(grey(640, 480))).faces).toEqual([]);
    const broken = await measureFaces({ width: 10, height: 10, channels: 3, data: new Uint8Array(5) }, { runner: createModelRunner({ locate: createFolderLocator([folder]) }), decodeLarger: null });
    expect(broken).toMatchObject({ ok: false, error: { code: 'preview-broken' } });
  });
});
