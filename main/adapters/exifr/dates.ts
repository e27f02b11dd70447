/**
 * Capture time from EXIF and XMP text. Nothing here uses the computer's clock or time zone: EXIF times are the camera's wall
 * clock (Exif 2.32 section 4.6.5, tags 0x9003, 0x9291, 0x9011), and are read as UTC where the file names no offset.
 */
export interface CaptureTime {
  /** ISO 8601 with the file's own fraction and offset. */
  readonly text: string;
  readonly ms: number;
}

const pattern = /^(\d{4})[:-](\d{2})[:-](\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Parses `2024:05:01 12:00:00`, optionally with its own fraction and offset (some phones and XMP write them there), together
 * with the separate EXIF fields for both. Null for dates that do not exist (`0000:00:00`, blanks, 31 February).
 */
export function parseCaptureTime(date: unknown, subSec?: unknown, offset?: unknown): CaptureTime | null {
  if (typeof date !== 'string') return null;
  const match = pattern.exec(date.replaceAll('\0', '').trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((index) => Number(match[index] ?? 0)) as [number, number, number, number, number, number];
  // A leap second is shown by some clocks; Date has none.
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second, 0);
  if (wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day) return null;
  const fraction = match[7] ?? fractionOf(subSec);
  const zone = zoneOf(match[8]) ?? zoneOf(offset);
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction ? `.${fraction}` : ''}${zone?.text ?? ''}`;
  const ms = wall.getTime() + (fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0) - (zone?.minutes ?? 0) * 60_000;
  return { text, ms };
}

/** SubSecTime is digits after the point (`"5"` is half a second); some cameras pad with blanks. */
function fractionOf(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.replaceAll('\0', '').trim() : '';
  return /^\d{1,9}$/.test(text) ? text : '';
}

function zoneOf(value: unknown): { text: string; minutes: number } | null {
  if (typeof value !== 'string') return null;
  const text = value.replaceAll('\0', '').trim();
  if (text === 'Z') return { text: 'Z', minutes: 0 };
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (!match) return null;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 14 || minutes > 59) return null;
  return { text: `${match[1]}${match[2]}:${match[3]}`, minutes: (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes) };
}
