/** Why the product's answer differs from a tool's, by kind of difference or by file. The first that fits counts. */
import type { Field } from './compare.ts';

export interface Explanation {
  readonly field: Field;
  /** Files, by path in the folder of photos; absent: all. */
  readonly file?: RegExp;
  /** The detail's text, which starts with the format that the product has told; absent: all. */
  readonly detail?: RegExp;
  readonly why: string;
}

export const explanations: readonly Explanation[] = [
  // pictures that are no JPEG
  { field: 'exiftool preview', detail: /ThumbnailTIFF of type TIFF/, why: 'An uncompressed thumbnail, no JPEG: it is smaller than the grid needs, and the photo is shown by its sensor data or a larger preview.' },
  { field: 'exiv2 preview', detail: /image\/tiff, (160 x 120|256 x 170|96 x 64|156 x 111|96 x 72), \d{5,6} bytes/, why: 'An uncompressed thumbnail, no JPEG, as exiv2 wraps it into a TIFF.' },
  { field: 'exiftool preview', detail: /RawThermalImage of type PNG/, why: 'Temperatures of a thermal camera, not a preview.' },
  // what is no picture at all
  { field: 'exiftool preview', detail: /of type null, 0 x 0, 2\d bytes, does not decode/, why: "ExifTool's test files have a few words of text in the place of their previews." },
  { field: 'exiv2 preview', file: /exiftool-(CanonRaw\.cr2|Nikon\.nef)$/, why: "A directory whose picture data were taken out of ExifTool's test file; exiv2 lists it without looking at the data." },
  { field: 'exiftool preview', detail: /of type JPEG, 8 x 8,/, why: "ExifTool's test files have a JPEG of 8 x 8 pixels in the place of the preview: a token, not a picture." },
  { field: 'exiv2 preview', detail: /image\/jpeg, 8 x 8,/, why: 'The same token of 8 x 8 pixels.' },
  { field: 'exiftool preview', detail: / 45 x 60, /, why: 'Below 64 pixels: a token, not a preview.' },
  { field: 'exiv2 preview', detail: / 45 x 60, /, why: 'Below 64 pixels: a token, not a preview.' },
  { field: 'exiftool preview', file: /ghsa_mv9g_fxh2_m49m\.crw$/, why: 'The damaged file names bytes that are no JPEG.' },
  { field: 'exiftool preview', file: /river-truncated\.heic$/, why: 'The file ends inside this picture: 746 bytes of it are there, and no decoder reads them.' },
  // pictures in places that are not looked at, all inside JPEGs, which are their own picture
  { field: 'exiftool preview', file: /sceaux-castle|Minolta DiMAGE EX/, detail: /PreviewImage/, why: 'A FlashPix picture (APP2 FPXR) inside a JPEG that is itself shown.' },
  { field: 'exiftool preview', detail: /PhotoshopThumbnail/, why: "Photoshop's own thumbnail (APP13) inside a JPEG that is itself shown." },
  { field: 'exiftool preview', file: /FLIR/, detail: /EmbeddedImage/, why: "The visible-light picture inside FLIR's own block, another picture than the photo." },
  // lengths
  { field: 'exiftool preview', file: /canon-eos-r6-sunrise\.cr3$/, detail: /237320 bytes/, why: 'The same preview: ExifTool takes the rest of the box with 7 bytes of padding, here the length that the box states is taken.' },
  { field: 'own preview', file: /canon-eos-r6-sunrise\.cr3$/, detail: /237313 bytes/, why: 'The same preview without 7 bytes of padding.' },
  // metadata
  { field: 'time', file: /kodak-dc50/, why: 'The file has only the time of its last change (tag 0x0132), which serves here where there is nothing better; the manifest leaves it out.' },
  { field: 'time', file: /FLIR/, why: "Stated only inside FLIR's own block, in no EXIF or XMP." },
  { field: 'time', detail: /^other: /, why: 'No photo that the product shows: the content has no picture header, or is JPEG 2000.' },
  { field: 'make', detail: /^other: /, why: 'The content has no JPEG, though it holds EXIF: no photo here.' },
  { field: 'model', detail: /^other: /, why: 'The content has no JPEG, though it holds EXIF: no photo here.' },
  { field: 'orientation', detail: /^jpeg: 1 here, 0 there/, why: 'EXIF knows 1 to 8; 0 means nothing and is taken for upright.' },
  { field: 'orientation', file: /Sigma\.x3f$/, why: "The header's rotation of 90 degrees is the orientation; ExifTool gives it only as Rotation." },
  { field: 'rating', detail: /^arw: null here, 0 there/, why: "Sony's note says 0, which is no rating." },
  { field: 'make', file: /bad\/exiv2\/.*\.crw$/, why: 'The NUL between make and model was damaged; there is no right answer.' },
  { field: 'model', file: /bad\/exiv2\/.*\.crw$/, why: 'The NUL between make and model was damaged; there is no right answer.' },
  // exiftool's own answers
  { field: 'lens', file: /bracket-nikon-d5000/, why: 'The full name, as the converter wrote it (aux:Lens), in place of the numbers in the note.' },
  { field: 'lens', file: /jpeg\/Nikon D5000/, detail: /18\.0-55\.0 mm/, why: 'The same lens in the words of aux:Lens.' },
  { field: 'lens', file: /Sigma\.x3f$/, why: 'LENSFRANGE of the properties, which ExifTool gives under a name of its own.' },
  { field: 'serial', detail: /^jpeg: null here, (KCTFY|H500HI)/, why: "Only in Kodak's and Reconyx's own notes, which are not read." },
  { field: 'serial', detail: /^(dng|gpr): \w+ here, null there/, why: 'CameraSerialNumber of DNG (0xC62F), which ExifTool gives under that name.' },
  { field: 'ISO', file: /Casio QV-3000EX|Kodak DC240|Kodak ProBack|Pentax Optio 330/, why: "Only in the maker's own note of a camera of about 2000." },
  { field: 'ISO', file: /nikon-z9-converted/, why: '65535 means more than 16 bits can say: RecommendedExposureIndex has the value.' },
  { field: 'exposure', detail: /here, null there/, why: 'Of ShutterSpeedValue (APEX), where ExposureTime is missing or 0.' },
  { field: 'exposure', file: /Kodak DC240/, why: "EXIF's own value; ExifTool prefers the one in Kodak's note." },
  { field: 'aperture', file: /Kodak DC240/, why: "EXIF's own value; ExifTool prefers the one in Kodak's note." },
  { field: 'aperture', file: /FinePixS2Pro/, why: 'FNumber is 0.2, which no lens has: ApertureValue (APEX) counts.' },
  { field: 'aperture', detail: /here, null there/, why: 'Of ApertureValue (APEX), where FNumber is missing.' },
  { field: 'position', file: /FLIR/, why: "Stated only inside FLIR's own block, in no EXIF or XMP." },
  { field: 'position', file: /jpeg\/Nikon D5000/, why: 'Degrees and minutes are there; the seconds are 0/0, for which ExifTool prints nothing.' },
  { field: 'flash', file: /Sigma\.x3f$/, why: 'FLASH of the properties, which ExifTool gives under a name of its own.' },
];
