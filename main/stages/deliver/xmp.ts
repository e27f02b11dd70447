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
  let text: string | null = packet.slice(start, end + endMark.length);
  for (const name of [...droppedSpaces.map((space) => `${space}:[\\w.-]+`), ...droppedNames]) if (text !== null) text = dropProperty(text, name);
  // Something was not to be taken out cleanly: better no packet than one that lies.
  if (text === null || new RegExp(`</?(?:(?:${droppedSpaces.join('|')}):|(?:${droppedNames.join('|')})\\b)`).test(text)) return null;
  const whole = `<?xpacket begin="\u00ef\u00bb\u00bf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${text}\n<?xpacket end="w"?>`;
  return whole.length <= maxPacketBytes ? whole : null;
}

/** Takes a property out in each of its forms: attribute, empty element, element with content. Null where an element has no end. */
function dropProperty(text: string, name: string): string | null {
  const plain = text.replace(new RegExp(`\\s${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g'), '');
  const opening = new RegExp(`<(${name})(?:\\s[^<>]*?)?(/?)>`, 'g');
  let kept = '';
  let at = 0;
  for (let match = opening.exec(plain); match; match = opening.exec(plain)) {
    kept += plain.slice(at, match.index);
    at = match.index + match[0].length;
    if (match[2] === '') {
      const closing = `</${match[1]}>`;
      const end = plain.indexOf(closing, at);
      if (end < 0) return null;
      at = end + closing.length;
    }
    opening.lastIndex = at;
  }
  return kept + plain.slice(at);
}
