/** What the person looks at and how: grid or loupe, tile size, panels, zoom. */
import { create } from 'zustand';
import type { Region, SourceChoice } from '../../main/domain/index.ts';

export type Dialog = 'none' | 'keys' | 'files' | 'export' | 'jobs' | 'doctor';

export interface ViewState {
  readonly mode: 'grid' | 'loupe';
  /** Side of a grid tile's picture in CSS pixels. */
  readonly tileSize: number;
  readonly infoOpen: boolean;
  readonly filterOpen: boolean;
  readonly groupsOpen: boolean;
  readonly weightsOpen: boolean;
  readonly dialog: Dialog;
  readonly zoom: 'fit' | 'full';
  /** The source that the person asked for; it holds from photo to photo. */
  readonly source: SourceChoice;
  /** Centre of the zoomed view as a share of the picture, so that the next frame shows the same spot. */
  readonly centre: { readonly x: number; readonly y: number };
  /** The part of a photo that a reason points at, while it does; drawn on the loupe's picture. */
  readonly outline: { readonly photo: number; readonly region: Region } | null;
  /** Caps Lock is on: a mark moves on to the next photo. */
  readonly autoAdvance: boolean;
}

export const tileSizes = { least: 112, most: 352, step: 24, small: 152, usual: 208 } as const;

export const useView = create<ViewState>(() => ({
  mode: 'grid',
  tileSize: tileSizes.usual,
  infoOpen: true,
  filterOpen: true,
  groupsOpen: false,
  weightsOpen: false,
  dialog: 'none',
  zoom: 'fit',
  source: 'auto',
  centre: { x: 0.5, y: 0.5 },
  outline: null,
  autoAdvance: false,
}));

/** Below these sizes of the window, in CSS pixels, panel and filter bar would leave too little for the photos and start closed. */
const roomFor = { info: 1000, filterWidth: 820, filterHeight: 560, usualTiles: 820, bothPanels: 1240 };

/** First settings for a window of this size. */
export function suitWindow(width: number, height: number): void {
  useView.setState({
    infoOpen: width >= roomFor.info,
    filterOpen: width >= roomFor.filterWidth && height >= roomFor.filterHeight,
    tileSize: width >= roomFor.usualTiles ? tileSizes.usual : tileSizes.small,
  });
}

/** Left of the photos stands one panel at a time, right of them the facts. */
const panels = { info: 'infoOpen', groups: 'groupsOpen', weights: 'weightsOpen' } as const;

/** Opens or closes a panel beside the photos. What stands in its place closes, and where there is no room for two, the other one too. */
export function togglePanel(panel: keyof typeof panels, width = globalThis.innerWidth): void {
  const isOpen = !useView.getState()[panels[panel]];
  const isAlone = width < roomFor.bothPanels;
  const others = (Object.keys(panels) as (keyof typeof panels)[]).filter((other) => other !== panel && (isAlone || (panel !== 'info' && other !== 'info')));
  useView.setState({ [panels[panel]]: isOpen, ...(isOpen ? Object.fromEntries(others.map((other) => [panels[other], false])) : {}) });
}

/** Points at a part of a photo, or, with null, at none any more. */
export function pointAt(photo: number, region: Region | null): void {
  const { outline } = useView.getState();
  if (region !== null) useView.setState({ outline: { photo, region } });
  else if (outline?.photo === photo) useView.setState({ outline: null });
}

/** What the grid measured last; read by the keys that move by rows and pages. */
export const gridShape = { columns: 1, pageRows: 1 };

/** Where the pointer was last over the loupe's picture, as a share of the picture; null while it is elsewhere. */
export const pointerSpot: { current: { x: number; y: number } | null } = { current: null };

export function showGrid(): void {
  useView.setState({ mode: 'grid', zoom: 'fit' });
}

export function showLoupe(zoom: ViewState['zoom'] = 'fit'): void {
  useView.setState({ mode: 'loupe', zoom });
}

export function toggleZoom(at: { x: number; y: number } | null = pointerSpot.current): void {
  const { zoom } = useView.getState();
  useView.setState(zoom === 'full' ? { zoom: 'fit' } : { zoom: 'full', centre: at ?? { x: 0.5, y: 0.5 } });
}

/** Size of the loupe's stage in device pixels as it was last; 0 before the first time. */
export const stageSize = { width: 0, height: 0 };

/** Size of what the loupe shows at 100 %, as shares of the picture; set by the loupe. */
export const viewShare = { width: 1, height: 1 };

/** Moves the zoomed view by shares of itself, held inside the picture. */
export function panBy(x: number, y: number): void {
  const { zoom, centre } = useView.getState();
  if (zoom === 'full') setCentre({ x: centre.x + x * viewShare.width, y: centre.y + y * viewShare.height });
}

export function setCentre(centre: { x: number; y: number }): void {
  useView.setState({ centre: { x: hold(centre.x, viewShare.width), y: hold(centre.y, viewShare.height) } });
}

function hold(value: number, share: number): number {
  return share >= 1 ? 0.5 : Math.max(share / 2, Math.min(1 - share / 2, value));
}

export function setTileSize(size: number): void {
  useView.setState({ tileSize: Math.max(tileSizes.least, Math.min(tileSizes.most, Math.round(size))) });
}

export function openDialog(dialog: Dialog): void {
  useView.setState({ dialog });
}

export function closeDialog(): void {
  useView.setState({ dialog: 'none' });
}
