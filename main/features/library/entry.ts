/** One photo of an open shoot as the engine holds it in memory: what the list shows, and the facts that are judged. */
import type { CodedError } from '../../base/index.ts';
import type { PhotoRow } from '../../catalog/types.ts';
import { cameraOf, formatOfName, fullSizeOf, isRawData, isRenderable } from '../../domain/index.ts';
import type { ExistingMarks, Group, Judgement, Marks, Metadata, PhotoFacts, PhotoFormat, PhotoId, PhotoState, PixelSize, StageId, StageResult } from '../../domain/index.ts';
import { askedStages, embedStages, graph, isRefused, isShownRendered, knownOutputs, missingAsked, missingEmbed, missingLook, missingStudy, needsIdentify, pictureVersion, studyStages } from '../../pipeline/index.ts';
import type { Pass } from '../../pipeline/index.ts';

export interface Entry {
  readonly id: PhotoId;
  row: PhotoRow;
  marks: Marks;
  /** What is in the file or in its sidecars already. */
  existing: ExistingMarks;
  facts: PhotoFacts;
  state: PhotoState;
  /** What 100 % means, upright; null where nothing tells. */
  full: PixelSize | null;
  /** The `k` of its pictures' addresses; null while there is nothing to show. */
  pixels: string | null;
  judgement: Judgement | null;
  group: Group | null;
  /** Milliseconds that are added to its camera's time in `facts`. */
  shiftMs: number;
  /** What a pass has left to do for it. */
  needs: Readonly<Record<Pass, readonly StageId[]>>;
}

/** A photo of which nothing is known yet. */
export function createEntry(row: PhotoRow, existing: ExistingMarks): Entry {
  return { id: row.id, row, marks: row.marks, existing, facts: factsOf(row, [], null), state: 'new', full: null, pixels: firstPixels(row), judgement: null, group: null, shiftMs: 0, needs: needsOf([], formatOfName(row.path)) };
}

/** Brings the entry in line with all stored answers of its photo. */
export function updateEntry(entry: Entry, results: readonly StageResult[], shifts: Readonly<Record<string, number>>): void {
  entry.facts = factsOf(entry.row, results, entry.facts.pairId);
  entry.shiftMs = 0;
  shiftEntry(entry, shifts);
  entry.state = stateOf(results);
  const known = knownOutputs(results);
  entry.full = fullSizeOf(known.preview ?? null, known.metadata ?? null);
  entry.needs = needsOf(results, entry.facts.format);
  entry.pixels = pixelsOf(entry.row, entry.state, results);
}

function needsOf(results: readonly StageResult[], format: PhotoFormat): Entry['needs'] {
  return { look: missingLook(results), study: closerStages(results, format), identify: !isRefused(results) && needsIdentify(results) ? ['identify'] : [], embed: missingEmbed(results) };
}

/** What the closer look has left to do for a photo of that format. */
export function closerStages(results: readonly StageResult[], format: PhotoFormat): StageId[] {
  const asked = isShownRendered(results) && holdsSensorData(format) ? missingAsked(results) : [];
  return [...missingStudy(results), ...asked];
}

/** Whether there may be sensor data to measure in such a file. */
export function holdsSensorData(format: PhotoFormat): boolean {
  return isRenderable(format) && isRawData(format);
}

/** Brings the photo's time to what its camera's clock should have said. */
export function shiftEntry(entry: Entry, shifts: Readonly<Record<string, number>>): void {
  const { metadata } = entry.facts;
  if (typeof metadata?.capturedMs !== 'number') return;
  const shiftMs = shifts[cameraOf(metadata)] ?? 0;
  entry.facts = addTime(entry.facts, shiftMs - entry.shiftMs);
  entry.shiftMs = shiftMs;
}

/** The photo's facts with the time that the file states, whatever has been added to it. */
export function statedFacts({ facts, shiftMs }: Entry): PhotoFacts {
  return addTime(facts, -shiftMs);
}

function addTime(facts: PhotoFacts, ms: number): PhotoFacts {
  const { metadata } = facts;
  return ms === 0 || typeof metadata?.capturedMs !== 'number' ? facts : { ...facts, metadata: { ...metadata, capturedMs: metadata.capturedMs + ms } };
}

/**
 * What has a picture's name is shown before it was measured: the eye need not wait for the numbers. Not so where decoding takes
 * seconds, which would then be done twice.
 */
function firstPixels(row: PhotoRow): string | null {
  const format = formatOfName(row.path);
  return format === 'other' || format === 'heif' ? null : pixelsKey(row);
}

function pixelsOf(row: PhotoRow, state: PhotoState, results: readonly StageResult[]): string | null {
  if (state === 'new') return firstPixels(row);
  return results.some((result) => result.stage === 'preview' && result.output !== null) ? pixelsKey(row) : null;
}

/** Names the bytes that a picture is made from; it changes with the file, the stage that finds its preview, or the way pictures are made. */
export function pixelsKey(row: Pick<PhotoRow, 'bytes' | 'mtimeMs'>): string {
  return `${row.bytes.toString(36)}-${Math.round(row.mtimeMs).toString(36)}-${graph.preview.version}.${pictureVersion}`;
}

function factsOf(row: PhotoRow, results: readonly StageResult[], pairId: PhotoId | null): PhotoFacts {
  const known = knownOutputs(results);
  const preview = known.preview ?? null;
  return {
    id: row.id,
    path: row.path,
    format: known.identify?.format ?? formatOfName(row.path),
    bytes: row.bytes,
    sha256: known.identify?.sha256 ?? row.sha256,
    imageSha256: known.identify?.imageSha256 ?? row.imageSha256,
    metadata: known.metadata ? shareTexts(known.metadata) : null,
    preview: preview ? { source: preview.source, width: preview.width, height: preview.height } : null,
    phash: known.phash?.hash ?? null,
    phashUsable: known.phash?.usable ?? false,
    view: known.phash?.view ?? null,
    measures: known.focus || known.exposure ? { focus: known.focus ?? null, exposure: known.exposure ?? null, ...(known.faces ? { faces: known.faces } : {}), ...(known.sharpness ? { sharpness: known.sharpness } : {}), ...(known.clip ? { aesthetic: known.clip.score } : {}), ...(known.headroom ? { headroom: known.headroom } : {}) } : null,
    errors: errorsOf(results),
    pairId,
  };
}

/**
 * Each kind of failure once: a preview that is damaged is told by every stage that wanted its pixels. What only the closer look met with is
 * nothing against the photo; the trace tells it.
 */
function errorsOf(results: readonly StageResult[]): CodedError[] {
  const errors: CodedError[] = [];
  for (const { stage, error } of results) if (error && !studyStages.includes(stage) && !askedStages.includes(stage) && !embedStages.includes(stage) && !errors.some((other) => other.code === error.code)) errors.push(error);
  return errors;
}

function stateOf(results: readonly StageResult[]): PhotoState {
  const of = (stage: StageResult['stage']): StageResult | undefined => results.find((result) => result.stage === stage);
  const identify = of('identify');
  if (identify?.error) return identify.error.code === 'not-a-photo' ? 'not-a-photo' : 'failed';
  const preview = of('preview');
  if (!preview) return 'new';
  if (preview.error) return 'failed';
  return identify ? 'done' : 'seen';
}

/** The same few names come with every photo of a shoot; kept once each. */
const texts = new Map<string, string>();
const mostTexts = 10_000;

function share(text: string | null): string | null {
  if (text === null) return null;
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < mostTexts) texts.set(text, text);
  return text;
}

function shareTexts(metadata: Metadata): Metadata {
  return { ...metadata, make: share(metadata.make), model: share(metadata.model), lens: share(metadata.lens) };
}
