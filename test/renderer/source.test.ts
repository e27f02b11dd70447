/** Embedded or rendered: what is asked for, what is said, and what the toggle does. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PictureOutlook, SourceChoice } from '../../main/domain/index.ts';
import { frameSize } from '../../renderer/loupe/choice.ts';
import type { DrawnPicture, StageReport } from '../../renderer/loupe/choice.ts';
import { describeSource } from '../../renderer/loupe/source-words.ts';
import { planSource, planStandIn } from '../../renderer/pixels/sources.ts';
import { PhotoTable } from '../../renderer/state/photo-table.ts';
import { useList, useSelection } from '../../renderer/state/list.ts';
import { useNotices } from '../../renderer/state/notices.ts';
import { toggleSource } from '../../renderer/state/source.ts';
import { useView } from '../../renderer/state/view.ts';
import { columnsOf, makeRow } from './rows.ts';

const sizeOf = (width: number, height: number) => ({ width, height });
const outlook = (source: 'embedded' | 'rendered' | 'self', preview: [number, number], full: [number, number] | null = preview): PictureOutlook => ({
  preview: { source, ...sizeOf(...preview) },
  full: full && sizeOf(...full),
});
const whole = outlook('embedded', [6000, 4000]);
const short = outlook('embedded', [1616, 1080], [6000, 4000]);
const unsure = outlook('embedded', [1616, 1080], null);
const heif = outlook('rendered', [4032, 3024]);
const jpeg = outlook('self', [6000, 4000]);

describe('what is asked for', () => {
  it('is automatic wherever that gives the same, and costly only where it has to be rendered', () => {
    const plans = (of: PictureOutlook, choice: SourceChoice): string[] => (['grid', 'screen', 'full'] as const).map((size) => {
      const { from, isCostly } = planSource(of, size, choice);
      return `${from}${isCostly ? '!' : ''}`;
    });
    expect(plans(whole, 'auto')).toEqual(['auto', 'auto', 'auto']);
    expect(plans(whole, 'embedded')).toEqual(['auto', 'auto', 'auto']);
    expect(plans(whole, 'rendered')).toEqual(['auto', 'rendered!', 'rendered!']);
    expect(plans(short, 'auto')).toEqual(['auto', 'auto', 'auto!']);
    expect(plans(short, 'rendered')).toEqual(['auto', 'rendered!', 'auto!']);
    expect(plans(short, 'embedded')).toEqual(['auto', 'auto', 'embedded']);
    expect(plans(unsure, 'auto')).toEqual(['auto', 'auto', 'auto!']);
    expect(plans(heif, 'auto')).toEqual(['auto', 'auto!', 'auto!']);
    expect(plans(heif, 'embedded')).toEqual(['auto', 'embedded', 'embedded']);
    expect(plans(jpeg, 'rendered')).toEqual(['auto', 'auto', 'auto']);
    expect(plans({ preview: null, full: null }, 'rendered')).toEqual(['auto', 'auto', 'auto']);
  });

  it('has the best preview stand in for what is being rendered', () => {
    expect(planStandIn(short, 'full', 'auto')?.from).toBe('embedded');
    expect(planStandIn(whole, 'full', 'rendered')?.from).toBe('auto');
    expect(planStandIn(whole, 'screen', 'rendered')?.from).toBe('auto');
    for (const [of, choice] of [[whole, 'auto'], [short, 'embedded'], [heif, 'auto'], [jpeg, 'rendered']] as const) expect(planStandIn(of, 'full', choice)).toBeNull();
  });
});

describe('the frame at 100 %', () => {
  const drawn = (size: 'screen' | 'full', width: number, height: number): DrawnPicture => ({
    size,
    isStandIn: false,
    picture: { bitmap: {} as ImageBitmap, width: 100, height: 67, sent: { width, height }, source: 'embedded', refusal: null, close: () => undefined },
  });
  it("is the photo's while its pixels are not here, so that nothing moves when they come", () => {
    expect(frameSize(short, drawn('screen', 1616, 1080))).toEqual(sizeOf(6000, 4000));
    expect(frameSize(short, drawn('full', 1616, 1080))).toEqual(sizeOf(6000, 4000));
    expect(frameSize(short, drawn('full', 6008, 4000))).toEqual(sizeOf(6008, 4000));
    expect(frameSize(unsure, drawn('screen', 1616, 1080))).toEqual(sizeOf(1616, 1080));
    expect(frameSize({ preview: null, full: null }, drawn('screen', 300, 200))).toEqual(sizeOf(300, 200));
  });
});

describe('what is said', () => {
  const report = (change: Partial<StageReport>): StageReport => ({ picture: 'screen', failed: false, isStandIn: false, source: 'embedded', width: 1616, height: 1080, isWaiting: false, isRendering: false, refusal: null, ...change });
  const said = (change: Partial<StageReport>, of: PictureOutlook, zoom: 'fit' | 'full', choice: SourceChoice = 'auto'): string => {
    const { text, remark } = describeSource(report(change), of, zoom, choice);
    return remark === null ? text : `${text} (${remark})`;
  };

  it('is the source and its size', () => {
    expect(said({}, whole, 'fit')).toBe('Camera preview 6000 × 4000');
    expect(said({ picture: 'grid', source: 'embedded', width: 512, height: 341, isWaiting: true }, whole, 'fit')).toBe('Camera preview 6000 × 4000');
    expect(said({ picture: 'full', width: 6000, height: 4000 }, whole, 'full')).toBe('Camera preview 6000 × 4000');
    expect(said({ picture: 'full', source: 'rendered', width: 6034, height: 4028 }, whole, 'full', 'rendered')).toBe('Rendered 6034 × 4028');
    expect(said({ source: 'rendered', width: 2048, height: 1365 }, whole, 'fit', 'rendered')).toBe('Rendered 6000 × 4000');
    expect(said({ source: 'self', width: 2048, height: 1365 }, jpeg, 'fit')).toBe('Photo 6000 × 4000');
    expect(said({ source: 'rendered', width: 2048, height: 1536 }, heif, 'fit')).toBe('Rendered 4032 × 3024');
    // before anything was measured
    expect(said({ source: 'embedded' }, { preview: null, full: null }, 'fit')).toBe('Camera preview 1616 × 1080');
    expect(said({ picture: 'none', source: null, width: 0, height: 0 }, { preview: null, full: null }, 'fit')).toBe('');
  });

  it('is what is missing at 100 %, but not while it is being made', () => {
    expect(said({ isWaiting: true, isRendering: true, isStandIn: true }, short, 'full')).toBe('Camera preview 1616 × 1080');
    expect(said({ picture: 'full', refusal: 'format-unsupported' }, short, 'full')).toBe('Preview of 1616 × 1080; the photo has 6000 × 4000');
    expect(said({ picture: 'full' }, short, 'full', 'embedded')).toBe('Preview of 1616 × 1080; the photo has 6000 × 4000');
  });

  it('is calm about what a photo does not have', () => {
    expect(said({ source: 'self' }, jpeg, 'fit', 'rendered')).toBe('Photo 6000 × 4000 (nothing to render)');
    expect(said({ source: 'rendered', isStandIn: true, refusal: 'preview-none' }, heif, 'fit', 'embedded')).toBe('Rendered 4032 × 3024 (no camera preview inside)');
    expect(said({ isStandIn: true, refusal: 'preview-not-real' }, whole, 'fit', 'rendered')).toBe('Camera preview 6000 × 4000 (cannot be rendered)');
  });
});

describe('the toggle', () => {
  const table = new PhotoTable();
  table.merge(
    columnsOf([
      makeRow(1),
      makeRow(2, { width: 1616, height: 1080 }),
      makeRow(3, { source: 'self', format: 'jpeg' }),
      makeRow(4, { source: 'rendered', format: 'heif' }),
      makeRow(5, { source: null, width: 0, height: 0, fullWidth: 0, fullHeight: 0 }),
    ]),
  );
  const press = (id: number, zoom: 'fit' | 'full'): SourceChoice => {
    useSelection.setState({ focus: id });
    useView.setState({ zoom });
    toggleSource();
    return useView.getState().source;
  };
  beforeEach(() => {
    useList.setState({ table });
    useView.setState({ source: 'auto', centre: { x: 0.3, y: 0.7 } });
    useNotices.setState({ notices: [] });
  });

  it('shows the other source, then what it was before; zoom and place stay', () => {
    expect([press(1, 'fit'), press(1, 'fit')]).toEqual(['rendered', 'auto']);
    expect([press(2, 'full'), press(2, 'full')]).toEqual(['embedded', 'auto']);
    // rendered at fit, then at 100 %, where that is what would be shown anyway: the other one is the preview
    expect([press(2, 'fit'), press(2, 'full'), press(2, 'full')]).toEqual(['rendered', 'embedded', 'auto']);
    expect([press(4, 'fit'), press(4, 'fit')]).toEqual(['embedded', 'auto']);
    expect(useView.getState()).toMatchObject({ zoom: 'fit', centre: { x: 0.3, y: 0.7 } });
  });

  it('leaves a photo that is its own picture as it is, and says so', () => {
    expect(press(3, 'fit')).toBe('auto');
    expect(useNotices.getState().notices.map(({ text }) => text)).toEqual(['This file is itself the picture: there is no other to choose.']);
    useView.setState({ source: 'rendered' });
    expect(press(3, 'fit'), 'but it can be toggled back there').toBe('auto');
    expect(press(5, 'fit')).toBe('auto');
  });
});
