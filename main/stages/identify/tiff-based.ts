/**
 * Which camera format a TIFF-based file is. A maker's name alone does not make a RAW file: pictures edited and saved as
 * TIFF keep it. There must be sensor data, or the maker's own extension where the directories were cut off.
 */
import type { PhotoFormat } from '../../domain/index.ts';
import { numberOf, readDirectory, textOf, walkDirectories } from '../containers/tiff.ts';
import type { TiffBlock } from '../containers/tiff.ts';

/** PhotometricInterpretation: colour filter array (TIFF/EP) and linear raw (DNG). */
export const rawPhotometrics = new Set([32_803, 34_892]);
/** Compressions that only sensor data have: Sony, Nikon, Pentax, Samsung, Kodak, Panasonic, Leaf, VC-5 of GoPro. */
const rawCompressions = new Set([262, 32_767, 32_769, 32_770, 32_772, 34_713, 34_316, 34_826, 34_828, 65_000, 65_535, 9]);

interface Maker {
  readonly pattern: RegExp;
  readonly format: PhotoFormat;
  /** Extensions of this maker that mean another format with the same structure. */
  readonly variants: Readonly<Record<string, PhotoFormat>>;
}

const makers: readonly Maker[] = [
  { pattern: /^nikon/i, format: 'nef', variants: { nef: 'nef', nrw: 'nrw' } },
  { pattern: /^canon/i, format: 'cr2', variants: { cr2: 'cr2' } },
  { pattern: /^sony/i, format: 'arw', variants: { arw: 'arw', sr2: 'sr2', srf: 'srf' } },
  { pattern: /^(pentax|asahi|ricoh)/i, format: 'pef', variants: { pef: 'pef' } },
  { pattern: /^samsung/i, format: 'srw', variants: { srw: 'srw' } },
  { pattern: /^(eastman )?kodak/i, format: 'dcr', variants: { dcr: 'dcr', kdc: 'kdc' } },
  { pattern: /^hasselblad/i, format: '3fr', variants: { '3fr': '3fr', fff: 'fff' } },
  { pattern: /^(phase one|leaf|mamiya leaf)/i, format: 'iiq', variants: { iiq: 'iiq', mos: 'raw' } },
  { pattern: /^(epson|seiko epson)/i, format: 'erf', variants: { erf: 'erf' } },
  { pattern: /^mamiya/i, format: 'mef', variants: { mef: 'mef' } },
  { pattern: /^olympus/i, format: 'orf', variants: { orf: 'orf' } },
  { pattern: /^(panasonic|leica)/i, format: 'rw2', variants: { rw2: 'rw2', raw: 'rw2', rwl: 'rw2' } },
];

/** `extension` in lower case without a dot; it decides only between formats that the content leaves open. */
export function tiffFormatOf(block: TiffBlock, extension: string): PhotoFormat {
  let make = '';
  let isDng = false;
  let isVc5 = false;
  let hasSensorData = false;
  let phaseOne = false;
  walkDirectories(block, ({ entries }, depth, index) => {
    if (depth === 0 && index === 0) {
      make = textOf(block, entries.get(0x010f), 64);
      isDng = entries.has(0xc612); // DNGVersion
    }
    const compression = numberOf(block, entries.get(0x0103)) ?? 0;
    isVc5 ||= compression === 9;
    hasSensorData ||= rawPhotometrics.has(numberOf(block, entries.get(0x0106)) ?? 0) || rawCompressions.has(compression);
    phaseOne ||= entries.has(0xc616) && /^phase one/i.test(make);
  });
  if (isDng) return isVc5 || (extension === 'gpr' && /^gopro/i.test(make)) ? 'gpr' : 'dng';
  // Phase One writes "IIII" after the header; its sensor data are in a block of its own.
  const mark = block.reader.view(block.base + 8, 4);
  if (mark && /^(IIII|MMMM)$/.test(String.fromCharCode(...mark))) return 'iiq';
  const maker = makers.find((candidate) => candidate.pattern.test(make));
  const variant = maker?.variants[extension];
  if (variant) return variant;
  // No directory can be read (cut off): the extension is all that is left.
  if (!readDirectory(block, block.first)) return makers.find((candidate) => extension in candidate.variants)?.variants[extension] ?? (extension === 'dng' ? 'dng' : 'tiff');
  if (!hasSensorData && !phaseOne) return 'tiff';
  return maker?.format ?? 'raw';
}
