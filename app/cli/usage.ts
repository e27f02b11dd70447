/** What can be typed: the usage lines, which are also what `--help` prints. docs/cli.md says the same at length. */
import { stageIds } from '../../main/domain/index.ts';

export const commandNames = ['cull', 'groups', 'preview', 'export', 'mark', 'learn', 'models', 'describe', 'endpoint', 'doctor', 'serve'] as const;
export type CommandName = (typeof commandNames)[number];

interface Usage {
  readonly line: string;
  readonly does: string;
  readonly options: readonly (readonly [string, string])[];
}

const catalogOption = ['--catalog <file>', 'use this catalog instead of the app\'s own'] as const;
const jsonOption = ['--json', 'one JSON document on stdout'] as const;
const progressOption = ['--progress', 'progress on stderr even where it is no terminal'] as const;

const groupingOptions = [
  ['--preset <name>', 'group as for: standard, sport, wedding, portrait, landscape or wildlife; kept for the folder'],
  ['--window <s>', 'seconds between frames of a burst, 0.2 to 10; kept for the folder'],
  ['--likeness <bits>', 'how unlike photos of a group may be, 4 (nearly the same) to 22 (the same scene); kept for the folder'],
] as const;

const weighingOptions = [
  ['--genre <name>', 'judge as for: standard, sport, wedding, portrait, landscape or wildlife; kept for the folder'],
  ['--weights <list>', 'what counts how much, like focus=2,eyes=1; of focus, exposure, eyes, aesthetics, each 0 to 4; kept for the folder'],
] as const;

export const usages: Readonly<Record<CommandName, Usage>> = {
  cull: {
    line: 'parjanya cull <folder> [--preset <name> | --window <s> --likeness <bits>] [--genre <name>] [--weights <list>] [--quick] [--raw-exposure] [--json] [--catalog <file>] [--progress]',
    does: 'Looks at every photo of a folder: groups, scores, and a suggestion with its reasons.',
    options: [...groupingOptions, ...weighingOptions, ['--quick', 'judge by small pictures only: several times as fast, without sharpness in all pixels, faces and eyes'], ['--raw-exposure', 'measure in the sensor data of RAW files what of clipped highlights and black shadows can be recovered: about a second for each such file'], jsonOption, catalogOption, progressOption],
  },
  groups: {
    line: 'parjanya groups <folder> [--preset <name> | --window <s> --likeness <bits>] [--json] [--catalog <file>] [--progress]',
    does: 'Lists the groups of a folder: kind, best and second best, and why each photo is with the best.',
    options: [...groupingOptions, jsonOption, catalogOption, progressOption],
  },
  preview: {
    line: 'parjanya preview <file> --out <jpg> [--size <px>] [--source embedded|rendered|auto] [--json]',
    does: 'Writes what is to be seen in a photo or RAW file as a JPEG.',
    options: [
      ['--out <jpg>', 'where to write it; an existing file is replaced, never the photo itself'],
      ['--size <px>', 'long edge in pixels, 16 to 65535; never enlarged (default: all that there are)'],
      ['--source embedded|rendered|auto', "the camera's preview, a rendering of the RAW data, or what serves best (default: auto)"],
      jsonOption,
    ],
  },
  export: {
    line: "parjanya export <folder> --to <dir> [--preset web|copy] [--where keep|pick|'rating>=N'] [--json] [--catalog <file>] [--progress]",
    does: 'Writes the keepers to another folder. Nothing is overwritten; a stopped export goes on where it was.',
    options: [
      ['--to <dir>', 'the destination; made if it is not there'],
      ['--preset web|copy', 'web: JPEG, 2048 px, sRGB; copy: the files as they are, RAW, JPEG and sidecars together (default: copy)'],
      ["--where keep|pick|'rating>=N'", 'keep: suggested and not rejected by you, or picked (default); pick: picked; rating: at least N stars'],
      jsonOption,
      catalogOption,
      progressOption,
    ],
  },
  mark: {
    line: 'parjanya mark <folder> <file>... --pick|--reject|--unflag|--rating N|--label NAME [--json] [--catalog <file>]',
    does: 'Marks photos as the keys of the app do; one call is one step of undo.',
    options: [
      ['--pick, --reject, --unflag', 'the flag; one of them'],
      ['--rating N', '0 to 5 stars'],
      ['--label NAME', 'Red, Yellow, Green, Blue, Purple or none'],
      jsonOption,
      catalogOption,
    ],
  },
  learn: {
    line: 'parjanya learn <folder> [--all] [--take] [--json] [--catalog <file>] [--progress]',
    does: 'Finds out by your flags and stars what counts for you, and how well that agrees with you; changes nothing unless told to.',
    options: [
      ['--all', 'learn from your decisions in all folders of the catalog, the latest first'],
      ['--take', 'suggest by it in this folder from now on, where it agrees better than the preset; the app can undo it'],
      jsonOption,
      catalogOption,
      progressOption,
    ],
  },
  models: {
    line: 'parjanya models list|pull|prompts|verify [<model>...] [--from <folder>] [--remove] [--json] [--progress]',
    does: 'Says which models are on this computer, and fetches those that are not. Nothing is ever fetched unasked.',
    options: [
      ['list', 'what there is, what is missing, and how large it is'],
      ['pull', 'fetches the models named (default: all that are missing); goes on where it was stopped'],
      ['prompts', 'embeds the sentences behind impressions, once, by the text tower; pull does it too'],
      ['verify', 'runs the self-tests: does each model, decoder and measure answer here as it should?'],
      ['--from <folder>', 'takes the files from this folder instead of the network'],
      ['--remove', 'prompts: removes the text tower from Parjanya\'s folder afterwards; it is not needed again'],
      jsonOption,
      progressOption,
    ],
  },
  doctor: {
    line: 'parjanya doctor [<stage>...] [--json] [--progress]',
    does: 'Tries out what runs where: each stage in a process of its own, on a real picture; how fast, at what cost, and where it is best done.',
    options: [['<stage>', `only these: ${stageIds.join(', ')}`], jsonOption, progressOption],
  },
  describe: {
    line: 'parjanya describe <folder> [--only winners|borderline|all] [--compare] [--max-photos N] [--max-usd X] [--yes] [--json] [--catalog <file>] [--progress]',
    does: 'Asks a vision model elsewhere for words about the photos where they are worth it. Says first what leaves, and sends nothing unagreed.',
    options: [
      ['--only <which>', 'winners: the best of each burst; borderline: for review, or near a limit; all (default: winners and borderline)'],
      ['--compare', 'ask also which is better, the best of each burst or the second best; each pair is asked about in both orders'],
      ['--max-photos N', 'send no more than N photos, those that are compared included'],
      ['--max-usd X', 'send no more than that pays for, by the price of endpoint set'],
      ['--yes', 'send it without being asked; without it, and without a terminal, nothing is sent'],
      jsonOption,
      catalogOption,
      progressOption,
    ],
  },
  endpoint: {
    line: 'parjanya endpoint set --url <base URL> --model <name> [--usd-per-1000 X] | show | test [--json]',
    does: 'Says where the vision model is: any server that speaks as OpenAI does. Its key is read from PARJANYA_VLM_KEY and kept nowhere.',
    options: [
      ['set', 'keeps address, model and price for this user'],
      ['show', 'what was set, and whether there is a key'],
      ['test', 'asks about a drawn picture; no photo is sent'],
      ['--url <base URL>', 'like https://gpu.studio.example/v1'],
      ['--model <name>', 'as the server calls it'],
      ['--usd-per-1000 X', 'what 1,000 requests cost you, in US dollars; needed for describe --max-usd'],
      jsonOption,
    ],
  },
  serve: {
    line: 'parjanya serve <folder> [--port N] [--to <dir>]... [--catalog <file>]',
    does: 'Serves the app\'s page to a browser on this machine only, until Ctrl+C.',
    options: [
      ['--port N', '0 to 65535 (default 0: any free one)'],
      ['--to <dir>', 'a folder that the page may export to; may be given several times'],
      catalogOption,
    ],
  },
};

/** The text of `parjanya --help`, or of one command's. */
export function describeUsage(of: CommandName | null): string {
  if (of === null) {
    const lines = commandNames.map((name) => `  ${usages[name].line}\n      ${usages[name].does}`);
    return `Usage:\n${lines.join('\n')}\n\n  parjanya [<command>] --help\n  parjanya --version\n\nExit status: 0 all done, 1 something failed (each item is listed), 2 wrong usage, 130 stopped by Ctrl+C.`;
  }
  const { line, does, options } = usages[of];
  const width = Math.max(...options.map(([option]) => option.length));
  return `Usage: ${line}\n\n${does}\n\n${options.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`).join('\n')}`;
}
