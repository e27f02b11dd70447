/** The words that a vision model is asked with, and the form of its answer. Change them, and raise adviceVersions in domain/describe.ts. */
import { faultKinds, mostKeywords } from '../../domain/index.ts';

export const systemPrompt = [
  "You help a professional photographer to cull a shoot. You judge one frame by what is to be seen in it, in a photographer's plain words.",
  'Do not guess who people are, and do not read signs, plates or screens aloud. Say nothing that the picture does not show. Answer with one JSON object and nothing else.',
].join(' ');

export const describePrompt = [
  'Describe this frame.',
  'subject: what it is of. moment: what is happening. expression: of the people or animals, or null where there are none.',
  `faults: what is wrong with it as a photograph, each with kind (${faultKinds.join(', ')}), severity (minor or serious), evidence (what in the picture shows it) and region {x, y, w, h}`,
  'in fractions of the picture from 0 to 1, x and y being the left upper corner, or null where it is everywhere. An empty list where there are none; at most 8.',
  'verdict: keep, review or reject. Reject only for a serious fault; do not say keep where there is one. reason: one sentence for the verdict.',
  `keywords: at most ${mostKeywords}, single words in lower case. caption: one sentence.`,
].join(' ');

export const comparePrompt = [
  'These are two frames of one moment, the first and the second. Which is the better photograph: focus on the subject, open eyes, expression, the moment, the framing?',
  'better: first, second, or neither where you cannot tell. reason: one sentence that says what makes the difference.',
].join(' ');

const text = { type: 'string' } as const;
const strict = (properties: Readonly<Record<string, unknown>>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false }) as const;
const fraction = { type: 'number' } as const;

/** Within what strict servers take: every name required, no ranges (they are checked when the answer is read). */
export const describeSchema = {
  name: 'description',
  schema: strict({
    subject: text,
    moment: text,
    expression: { type: ['string', 'null'] },
    faults: {
      type: 'array',
      items: strict({ kind: { type: 'string', enum: faultKinds }, severity: { type: 'string', enum: ['minor', 'serious'] }, evidence: text, region: { anyOf: [strict({ x: fraction, y: fraction, w: fraction, h: fraction }), { type: 'null' }] } }),
    },
    verdict: { type: 'string', enum: ['keep', 'review', 'reject'] },
    reason: text,
    keywords: { type: 'array', items: text },
    caption: text,
  }),
} as const;

export const compareSchema = { name: 'comparison', schema: strict({ better: { type: 'string', enum: ['first', 'second', 'neither'] }, reason: text }) } as const;
