/** libheif's error codes (heif_error.h) in ours. */
import { coded } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';

const invalidInput = 2;
const unsupportedFiletype = 3;
const unsupportedFeature = 4;
const memory = 6;
const decoderPlugin = 7;
const pluginLoading = 11;
const endOfData = 100;

export function explainHeifError(code: number, subcode: number, message: string): CodedError {
  const detail = message.replaceAll(/[^\x20-\x7e]+/g, ' ').trim().slice(0, 120);
  if (subcode === endOfData || /insufficient input data|end of data|premature end/i.test(message)) return coded('truncated', 'The file ends too early; part of the picture is missing.');
  if (code === memory) return coded('too-large', 'The picture is larger than can be handled.');
  if (code === unsupportedFeature || code === unsupportedFiletype || code === pluginLoading) return coded('format-unsupported', `This kind of HEIF picture cannot be shown yet (${detail}).`);
  if (code === invalidInput || code === decoderPlugin) return coded('preview-broken', `The HEIF picture is damaged (${detail}).`);
  return coded('preview-broken', `The HEIF picture cannot be decoded (${detail}).`);
}
