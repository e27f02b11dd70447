/** What exiftool, run here and now, says of files: the facts that the photos' manifest does not have. */
import { execFileSync } from 'node:child_process';
import type { DriveMode } from '../../main/domain/index.ts';

/** Values by tag; absent: the file does not say. */
export type ExiftoolFacts = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

/** `#`: as numbers. Everything else in words. */
const tags = [
  'ExposureTime#', 'FNumber#', 'ISO', 'FocalLength#', 'Flash#', 'SerialNumber', 'GPSLatitude#', 'GPSLongitude#', 'XMP:Label', 'XMP:Subject', 'LensModel', 'Lens',
  'Canon:ContinuousDrive', 'Canon:SelfTimer', 'Canon:AEBBracketValue', 'Canon:BracketMode', 'Nikon:ShootingMode', 'Sony:ReleaseMode', 'Sony:DriveMode', 'FujiFilm:AutoBracketing', 'FujiFilm:DriveMode',
  'Olympus:DriveMode', 'Panasonic:BurstMode', 'Panasonic:SelfTimer', 'Pentax:DriveMode', 'Pentax:AutoBracketing', 'Minolta:DriveMode', 'Sigma:DriveMode', 'SigmaRaw:DriveMode',
];

/** Runs `program` (exiftool) once over all `paths`; answers by path. */
export function askExiftool(program: string, paths: readonly string[]): Map<string, ExiftoolFacts> {
  const parameters = ['-json', '-m', '-q', '-charset', 'filename=utf8', ...tags.map((tag) => `-${tag}`), '-@', '-'];
  let text: string;
  try {
    text = execFileSync(program, parameters, { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: ['pipe', 'pipe', 'ignore'] });
  } catch (error) {
    // a file that is no photo makes its exit status 1; the answers are there all the same
    text = (error as { stdout?: string }).stdout ?? '';
  }
  const answers = JSON.parse(text) as (ExiftoolFacts & { SourceFile: string })[];
  return new Map(answers.map((answer) => [answer.SourceFile, answer]));
}

/** The word of the product for what exiftool prints; null where it prints nothing of the kind. */
export function driveModeInWords(facts: ExiftoolFacts): DriveMode | null {
  const of = (tag: string): string => String(facts[tag] ?? '').toLowerCase();
  const drive = [of('ContinuousDrive'), of('ShootingMode'), of('ReleaseMode'), of('DriveMode'), of('BurstMode')].find((words) => words !== '');
  if (drive === undefined) return null;
  const isBracket = /bracket/.test(drive) || /^[^0]/.test(of('AEBBracketValue')) || !/^(off|)$/.test(of('BracketMode')) || !/^(off|0.*|)$/.test(of('AutoBracketing'));
  if (isBracket) return 'bracketing';
  if (/self-timer|\d s timer/.test(drive) || /^\d/.test(of('SelfTimer'))) return 'self-timer';
  if (/low|\(lo\)/.test(drive)) return 'continuous-low';
  if (/high|burst/.test(drive)) return 'continuous-high';
  if (/^continuous|multi|^on/.test(drive)) return 'continuous';
  return /^(single|normal|off|silent single)/.test(drive) ? 'single' : 'other';
}

/** `18.0 - 55.0 mm` and `18-55mm` are one lens. */
export function lensInWords(facts: ExiftoolFacts): string | null {
  const name = String(facts['LensModel'] || facts['Lens'] || '').trim();
  return name === '' ? null : name.replace(/(\d)\.0\b/g, '$1').replace(/ - /g, '-').replace(/(\d) mm/g, '$1mm');
}
