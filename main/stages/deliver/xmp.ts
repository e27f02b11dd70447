/**
 * The XMP packet (XMP specification part 1, section 7) of a finished picture: the original's without what has become untrue.
 * Works on Latin-1 text of the packet's bytes, because all that is looked for is ASCII and everything else passes unharmed.
 */

/**
 * Names of what describes the old file: raw conversion (an editor would apply it again), pictures appended to the file (gain
 * maps, motion photos, depth), packets in further segments.
 */
const droppedSpaces = ['crs', 'hdrgm', 'HDRGainMap', 'Container', 'GContainer', 'Item', 'GCamera', 'GImage', 'GAudio', 'GDepth', 'xmpNote', 'MicroVideo', 'apdi', 'xmpGImg'];
const droppedNames = [
  'xmp:Thumbnails', 'xap:Thumbnails', 'tiff:Orientation', 'tiff:ImageWidth', 'tiff:ImageLength', 'tiff:BitsPerSample', 'tiff:Compression',
  'tiff:PhotometricInterpretation', 'exif:PixelXDimension', 'exif:PixelYDimension', 'exif:ColorSpace', 'exif:SubjectArea', 'exif:SubjectLocation',
  'photoshop:ICCProfile', 'photoshop:ColorMode', 'photoshop:DocumentAncestors',
];
/** What an APP1 segment holds besides the XMP mark of 29 bytes. */
const maxPacketBytes = 65_502;

/**
 * @param packet Latin-1 text of the packet's bytes
 * @returns the same kind of text, or null where nothing is left, the packet is damaged, or it fits no segment
 */
export function cleanXmp(packet: string): string | null {
  const start = packet.indexOf('<x:xmpmeta') >= 0 ? packet.indexOf('<x:xmpmeta') : packet.indexOf('<rdf:RDF');
  const endMark = packet.indexOf('<x:xmpmeta') >= 0 ? '</x:xmpmeta>' : '</rdf:RDF>';
  const end = packet.lastIndexOf(endMark);
  if (start < 0 || end < start) return null;
  let text = packet.slice(start, end + endMark.length);
  for (const space of droppedSpaces) text = dropElements(text, `${space}:[\\w.-]+`);
  for (const name of droppedNames) text = dropElements(text, name.replace('.', '\\.'));
  // Something was not to be taken out cleanly: better no packet than one that lies.
  if (droppedSpaces.some((space) => text.includes(`<${space}:`)) || droppedNames.some((name) => text.includes(`<${name}`))) return null;
  const whole = `<?xpacket begin="\u00ef\u00bb\u00bf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${text}\n<?xpacket end="w"?>`;
  return whole.length <= maxPacketBytes ? whole : null;
}

/** Takes properties out in each of their forms: attribute, empty element, element with content. */
function dropElements(text: string, name: string): string {
  return text
    .replace(new RegExp(`\\s${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g'), '')
    .replace(new RegExp(`<${name}(?:\\s[^<>]*)?/>`, 'g'), '')
    .replace(new RegExp(`<(${name})(?:\\s[^<>]*)?>[\\s\\S]*?</\\1>`, 'g'), '');
}
