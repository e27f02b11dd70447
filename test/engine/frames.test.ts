/** Renderings show the camera's own frame: borders of the sensor, formats set by the person, pixels that are not square. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { chooseFrame } from '../../main/adapters/libraw/frame.ts';
import type { Orientation } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { openPhoto } from '../../main/workers/photo.ts';
import { renderPicture } from '../../main/workers/render.ts';
import { createTools } from '../../main/workers/tools.ts';
import { cutPixels, drawScene, makeJpeg } from '../fixtures/index.ts';
import { thumbnailDirectory } from '../fixtures/exif.ts';
import type { Field } from '../fixtures/tiff-writer.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import { makeMosaicDng } from './mosaic-dng.ts';
import { meanSsim } from './ssim.ts';

const { pool, put } = useDecodeBench();

const sensor = { width: 1_000, height: 700 };

/** Grey, from black to white, of one size, a little blurred: where things are. */
async function shapesOf(input: Uint8Array | Pixels, width: number, height: number): Promise<Pixels> {
  const image = 'data' in input ? sharp(input.data, { raw: { width: input.width, height: input.height, channels: input.channels } }) : sharp(input);
  const { data, info } = await image.grayscale().blur(2).resize(width, height, { fit: 'fill' }).normalise().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data: new Uint8Array(data) };
}

async function expectShown(name: string, further: readonly Field[], orientation: Orientation, frame: readonly [number, number, number, number], size: { width: number; height: number }): Promise<void> {
  const scene = drawScene({ seed: 77, ...sensor });
  const path = put(`${name}.dng`, makeMosaicDng(scene, orientation, further));
  const { outputs, errors } = await lookAt(pool, path, ['metadata', 'preview']);
  expect(errors).toEqual({});
  expect({ width: outputs.preview!.width, height: outputs.preview!.height }, name).toEqual(size);
  const turned = async (part: typeof frame): Promise<Uint8Array> => {
    const { data, width, height, channels } = cutPixels(scene, ...part);
    return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).rotate(orientation === 6 ? 90 : 0).png().toBuffer());
  };
  const [left, top, across, down] = frame;
  const decoys: readonly (typeof frame)[] = [[0, 0, sensor.width, sensor.height], [left + 8, top, across, down], [left - 8, top, across, down], [left, top + 8, across, down], [left, top - 8, across, down]];
  for (const wanted of ['full', 400] as const) {
    const shown = await pool.picture({ path, size: wanted, known: outputs }, {});
    if (!shown.ok) throw new Error(shown.error.code);
    if (wanted === 'full') expect({ width: shown.value.width, height: shown.value.height }, name).toEqual(size);
    const [width, height] = [Math.round(size.width / 4), Math.round(size.height / 4)];
    const similarity = async (part: typeof frame): Promise<number> => meanSsim(await shapesOf(shown.value.jpeg, width, height), await shapesOf(await turned(part), width, height));
    // Brightness is LibRaw's own choice: what is compared is where things are.
    const right = await similarity(frame);
    expect(right, `${name} ${wanted}`).toBeGreaterThan(0.65);
    for (const decoy of decoys) expect(await similarity(decoy), `${name} ${wanted}: ${decoy.join(' ')}`).toBeLessThan(right);
  }
}

const longs = (tag: number, ...values: number[]): Field => ({ tag, kind: 'long', values });
const ratios = (tag: number, ...values: (readonly [number, number])[]): Field => ({ tag, kind: 'rational', values });
/** DNG 1.4: ActiveArea is top, left, bottom, right; crops are counted from it. */
const active = longs(0xc68d, 20, 40, 690, 980);

test('DNG: active area, default crop in whole and broken numbers, user crop, oblong pixels, turned or not', { timeout: 300_000 }, async () => {
  await expectShown('active', [active], 1, [40, 20, 940, 670], { width: 940, height: 670 });
  const crop = [active, longs(0xc61f, 100, 60), longs(0xc620, 800, 560)];
  await expectShown('crop', crop, 1, [140, 80, 800, 560], { width: 800, height: 560 });
  await expectShown('turned', crop, 6, [140, 80, 800, 560], { width: 560, height: 800 });
  await expectShown('ratios', [active, ratios(0xc61f, [100, 1], [60, 1]), ratios(0xc620, [1_600, 2], [560, 1])], 1, [140, 80, 800, 560], { width: 800, height: 560 });
  // DefaultUserCrop: top, left, bottom, right as shares of the default crop.
  const userCrop = ratios(0xc7b5, [1, 8], [0, 1], [7, 8], [1, 1]);
  await expectShown('user', [...crop, userCrop], 1, [140, 150, 800, 420], { width: 800, height: 420 });
  await expectShown('scale', [active, longs(0xc61f, 100, 60), longs(0xc620, 800, 560), ratios(0xc61e, [1, 1], [2, 1])], 1, [140, 80, 800, 560], { width: 800, height: 1_120 });
});

const facts = (crops: readonly (readonly [number, number, number, number])[], left = 0, top = 0): Parameters<typeof chooseFrame>[1] => ({
  left_margin: left,
  top_margin: top,
  raw_inset_crops: crops.map(([cleft, ctop, cwidth, cheight]) => ({ cleft, ctop, cwidth, cheight })),
});
const unknown = [65_535, 65_535, 0, 0] as const;
const frameOf = (...parameters: Parameters<typeof chooseFrame>): number[] => {
  const { left, top, width, height } = chooseFrame(...parameters);
  return [left, top, width, height];
};
const nothing = { preview: null, full: null, asked: null };

test('which part of the sensor the camera frames: what LibRaw reads of real cameras, and what their previews show', () => {
  const r6 = { width: 5_496, height: 3_670 };
  const r6Facts = facts([[84, 50, 5_472, 3_648], unknown], 72, 38);
  expect(frameOf(r6, r6Facts, nothing)).toEqual([12, 12, 5_472, 3_648]);
  // The same camera set to 1:1: the person's format is followed where the preview shows it, or where there is none to say otherwise.
  const square = facts([[84, 50, 5_472, 3_648], [996, 50, 3_648, 3_648]], 72, 38);
  expect(frameOf(r6, square, nothing)).toEqual([924, 12, 3_648, 3_648]);
  expect(frameOf(r6, square, { preview: { width: 1_080, height: 1_080 }, full: null, asked: null })).toEqual([924, 12, 3_648, 3_648]);
  expect(frameOf(r6, square, { preview: { width: 1_620, height: 1_080 }, full: null, asked: null })).toEqual([12, 12, 5_472, 3_648]);
  // Sony DSLR-A330: a size without a place.
  expect(frameOf({ width: 3_880, height: 2_608 }, facts([[65_535, 65_535, 3_872, 2_592], unknown]), nothing)).toEqual([4, 8, 3_872, 2_592]);
  // Sony set to 16:9: nothing but the preview says so; one that was stored turned says the same.
  for (const preview of [{ width: 1_616, height: 909 }, { width: 909, height: 1_616 }])
    expect(frameOf({ width: 6_024, height: 4_024 }, facts([[12, 12, 6_000, 4_000], unknown]), { preview, full: null, asked: null })).toEqual([12, 324, 6_000, 3_376]);
  // Pentax K-3 II: no crop; its full preview has 6,016 x 4,000 pixels.
  const full = { width: 6_016, height: 4_000 };
  expect(frameOf({ width: 6_040, height: 4_032 }, facts([unknown, unknown], 4), { preview: full, full, asked: null })).toEqual([12, 16, 6_016, 4_000]);
  // A thumbnail-like preview with black bars, and a size that is another picture's, change nothing.
  expect(frameOf({ width: 6_040, height: 4_032 }, facts([unknown]), { preview: { width: 640, height: 480 }, full: { width: 1_440, height: 960 }, asked: null })).toEqual([0, 0, 6_040, 4_032]);
});

test('crops that leave the picture, or leave nothing of it, are not followed', () => {
  const visible = { width: 4_000, height: 3_000 };
  for (const crop of [[0, 0, 5_000, 3_000], [3_000, 0, 2_000, 2_000], [10, 10, 4, 4], [5, 5, 0, 0], [65_535, 5, 4_001, 10]] as const) expect(frameOf(visible, facts([crop, crop]), nothing)).toEqual([0, 0, 4_000, 3_000]);
  expect(frameOf(visible, facts([[2, 2, 3_900, 2_900]], 10, 10), nothing)).toEqual([0, 0, 4_000, 3_000]);
  expect(frameOf(visible, { left_margin: 0, top_margin: 0 }, nothing)).toEqual([0, 0, 4_000, 3_000]);
});

test('a rendering shows what the embedded preview shows', { timeout: 300_000 }, async () => {
  const scene = drawScene({ seed: 77, width: 1_200, height: 800 });
  const jpeg = await makeJpeg(cutPixels(scene, 0, 62, 1_200, 676), { quality: 95 });
  const preview = { fields: [longs(0x00fe, 1), ...thumbnailDirectory(jpeg).fields] };
  const path = put('wide.dng', makeMosaicDng(scene, 1, [{ tag: 0x014a, kind: 'directories', directories: [preview] }]));
  const tools = createTools((where, error) => {
    throw new Error(where, { cause: error });
  });
  const photo = openPhoto(path, tools);
  if (!photo.ok) throw new Error(photo.error.code);
  const rendered = await renderPicture(photo.value, null, null, tools);
  photo.value.source.close();
  if (!rendered.ok) throw new Error(rendered.error.code);
  const { pixels, width, height } = rendered.value;
  expect([width, height, pixels.width, pixels.height]).toEqual([1_200, 676, 1_200, 676]);
  const shapes = await shapesOf(pixels, 300, 169);
  const right = meanSsim(shapes, await shapesOf(jpeg, 300, 169));
  expect(right).toBeGreaterThan(0.6);
  for (const top of [50, 74]) expect(meanSsim(shapes, await shapesOf(cutPixels(scene, 0, top, 1_200, 676), 300, 169))).toBeLessThan(right);
});
