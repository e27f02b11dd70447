/** From the words of the command line to a checked command. Nothing is read from disk here. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { groupPresets, labelNames, likenessRange, measureNames, modelIds, presetNames, sourceChoices, stageIds, weightRange, windowRange } from '../../main/domain/index.ts';
import type { GroupChoice, LabelName, MarkChange, ModelId, PresetName, SourceChoice, StageId, Weights } from '../../main/domain/index.ts';
import type { DescribeChoice } from '../../main/engine.ts';
import type { Preset, Where } from '../../main/contract/index.ts';
import { commandNames } from './usage.ts';
import type { CommandName } from './usage.ts';

/** Paths are as typed; the commands resolve them. */
export type Command =
  | { readonly name: 'help'; readonly of: CommandName | null }
  | { readonly name: 'version' }
  | (ShootCommand<'cull'> & { readonly weighing: Weighing; readonly quick: boolean; readonly rawExposure: boolean })
  | ShootCommand<'groups'>
  | { readonly name: 'preview'; readonly file: string; readonly out: string; readonly size: number | null; readonly source: SourceChoice; readonly json: boolean }
  | {
      readonly name: 'export';
      readonly folder: string;
      readonly to: string;
      readonly preset: Preset;
      readonly where: Where;
      readonly json: boolean;
      readonly catalog: string | null;
      readonly progress: boolean;
    }
  | { readonly name: 'mark'; readonly folder: string; readonly files: readonly string[]; readonly mark: MarkChange; readonly json: boolean; readonly catalog: string | null }
  | { readonly name: 'learn'; readonly folder: string; readonly all: boolean; readonly take: boolean; readonly json: boolean; readonly catalog: string | null; readonly progress: boolean }
  | { readonly name: 'models'; readonly action: ModelsAction; readonly models: readonly ModelId[]; readonly from: string | null; readonly remove: boolean; readonly json: boolean; readonly progress: boolean }
  | { readonly name: 'doctor'; readonly stages: readonly StageId[]; readonly json: boolean; readonly progress: boolean }
  | {
      readonly name: 'describe';
      readonly folder: string;
      readonly only: DescribeChoice['only'];
      readonly compare: boolean;
      readonly maxPhotos: number | null;
      readonly maxUsd: number | null;
      readonly yes: boolean;
      readonly json: boolean;
      readonly catalog: string | null;
      readonly progress: boolean;
    }
  | { readonly name: 'endpoint'; readonly action: EndpointAction; readonly url: string | null; readonly model: string | null; readonly usdPer1000: number | null; readonly json: boolean }
  | { readonly name: 'serve'; readonly folder: string; readonly port: number; readonly to: readonly string[]; readonly catalog: string | null };

export const modelsActions = ['list', 'pull', 'prompts', 'verify'] as const;
export type ModelsAction = (typeof modelsActions)[number];

export const endpointActions = ['set', 'show', 'test'] as const;
export type EndpointAction = (typeof endpointActions)[number];

/** What is to count for the suggestions of a folder from now on; what is not named stays as it was. */
export interface Weighing {
  readonly genre: PresetName | null;
  readonly weights: Partial<Weights>;
}

/** Looks at a whole folder. */
interface ShootCommand<N extends string> {
  readonly name: N;
  readonly folder: string;
  /** How the shoot is to be grouped from now on; what is not named stays as it was. */
  readonly grouping: Partial<GroupChoice>;
  readonly json: boolean;
  readonly catalog: string | null;
  readonly progress: boolean;
}

export type CommandOf<N extends Command['name']> = Extract<Command, { name: N }>;

/** Wrong usage: one sentence, and the command whose usage line helps (null: all of them). */
export class UsageError extends Error {
  readonly of: CommandName | null;

  constructor(message: string, of: CommandName | null) {
    super(message);
    this.name = 'UsageError';
    this.of = of;
  }
}

/** JPEG cannot be larger on either side. */
const largestEdge = 65_535;

type Options = NonNullable<ParseArgsConfig['options']>;
const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

const groupingOptions = { preset: text, window: text, likeness: text } as const;
const shootOptions = { ...groupingOptions, json: flag, catalog: text, progress: flag } as const;

const optionsOf = {
  cull: { ...shootOptions, genre: text, weights: text, quick: flag, 'raw-exposure': flag },
  groups: shootOptions,
  preview: { out: text, size: text, source: text, json: flag },
  export: { to: text, preset: text, where: text, json: flag, catalog: text, progress: flag },
  mark: { pick: flag, reject: flag, unflag: flag, rating: text, label: text, json: flag, catalog: text },
  learn: { all: flag, take: flag, json: flag, catalog: text, progress: flag },
  models: { from: text, remove: flag, json: flag, progress: flag },
  doctor: { json: flag, progress: flag },
  describe: { only: text, compare: flag, 'max-photos': text, 'max-usd': text, yes: flag, json: flag, catalog: text, progress: flag },
  endpoint: { url: text, model: text, 'usd-per-1000': text, json: flag },
  serve: { port: text, to: { type: 'string', multiple: true }, catalog: text },
} as const satisfies Record<CommandName, Options>;

/** @throws UsageError where something is missing, unknown or out of range. */
export function parseCommand(words: readonly string[]): Command {
  const [first, ...rest] = words;
  if (first === undefined) throw new UsageError('A command is missing.', null);
  if (first === '--help' || first === '-h' || first === 'help') return { name: 'help', of: isCommandName(rest[0]) ? rest[0] : null };
  if (first === '--version' || first === '-v') return { name: 'version' };
  if (!isCommandName(first)) throw new UsageError(first.startsWith('-') ? `There is no option ${first} before a command.` : `There is no command "${first}".`, null);
  if (asksForHelp(rest)) return { name: 'help', of: first };
  return readers[first](rest);
}

const readers: { readonly [N in CommandName]: (words: string[]) => CommandOf<N> } = {
  cull(words) {
    const { values, positionals } = read('cull', words);
    return { ...readShootCommand('cull', values, positionals), weighing: readWeighing(values.genre, values.weights), quick: values.quick, rawExposure: values['raw-exposure'] };
  },
  groups(words) {
    const { values, positionals } = read('groups', words);
    return readShootCommand('groups', values, positionals);
  },
  preview(words) {
    const { values, positionals } = read('preview', words);
    const [file, ...more] = positionals;
    if (!file) throw new UsageError('The file is missing.', 'preview');
    if (more.length > 0) throw new UsageError(`One file at a time: "${more[0]}" is too much.`, 'preview');
    if (!values.out) throw new UsageError('--out <jpg> is missing.', 'preview');
    const size = values.size === undefined ? null : readNumber('preview', '--size', values.size, 16, largestEdge);
    return { name: 'preview', file, out: values.out, size, source: readSource(values.source ?? 'auto'), json: values.json };
  },
  export(words) {
    const { values, positionals } = read('export', words);
    const folder = onlyFolder('export', positionals);
    if (!values.to) throw new UsageError('--to <dir> is missing.', 'export');
    const preset = values.preset ?? 'copy';
    if (preset !== 'copy' && preset !== 'web') throw new UsageError(`--preset is web or copy, not "${preset}".`, 'export');
    return { name: 'export', folder, to: values.to, preset, where: readWhere(values.where ?? 'keep'), json: values.json, catalog: catalogOf('export', values.catalog), progress: values.progress };
  },
  mark(words) {
    const { values, positionals } = read('mark', words);
    const [folder, ...files] = positionals;
    if (!folder) throw new UsageError('The folder is missing.', 'mark');
    if (files.length === 0) throw new UsageError('The files to mark are missing.', 'mark');
    const flags = (['pick', 'reject', 'unflag'] as const).filter((name) => values[name]);
    if (flags.length > 1) throw new UsageError(`--${flags[0]} and --${flags[1]} exclude each other.`, 'mark');
    const mark: MarkChange = {
      ...(flags[0] ? { flag: flags[0] === 'unflag' ? ('none' as const) : flags[0] } : {}),
      ...(values.rating === undefined ? {} : { rating: readNumber('mark', '--rating', values.rating, 0, 5) }),
      ...(values.label === undefined ? {} : { label: readLabel(values.label) }),
    };
    if (Object.keys(mark).length === 0) throw new UsageError('What to mark is missing: --pick, --reject, --unflag, --rating N or --label NAME.', 'mark');
    return { name: 'mark', folder, files, mark, json: values.json, catalog: catalogOf('mark', values.catalog) };
  },
  models(words) {
    const { values, positionals } = read('models', words);
    const [first, ...rest] = positionals;
    const action = modelsActions.find((one) => one === first);
    if (!action) throw new UsageError(`${first === undefined ? 'What to do is missing' : `"${first}" cannot be done with models`}: ${modelsActions.join(', ')}.`, 'models');
    if (values.from !== undefined && action !== 'pull') throw new UsageError('--from is for pull.', 'models');
    if (values.from === '') throw new UsageError('--from needs a folder.', 'models');
    if (values.remove && action !== 'prompts') throw new UsageError('--remove is for prompts.', 'models');
    if (rest.length > 0 && action === 'prompts') throw new UsageError(`Prompts are embedded by the models that they need; "${rest[0]}" is too much.`, 'models');
    return { name: 'models', action, models: rest.map(readModel), from: values.from ?? null, remove: values.remove, json: values.json, progress: values.progress };
  },
  doctor(words) {
    const { values, positionals } = read('doctor', words);
    return { name: 'doctor', stages: positionals.map(readStage), json: values.json, progress: values.progress };
  },
  learn(words) {
    const { values, positionals } = read('learn', words);
    return { name: 'learn', folder: onlyFolder('learn', positionals), all: values.all, take: values.take, json: values.json, catalog: catalogOf('learn', values.catalog), progress: values.progress };
  },
  describe(words) {
    const { values, positionals } = read('describe', words);
    const only = values.only === undefined ? 'usual' : (['winners', 'borderline', 'all'] as const).find((one) => one === values.only);
    if (!only) throw new UsageError(`--only is winners, borderline or all, not "${values.only}".`, 'describe');
    return {
      name: 'describe',
      folder: onlyFolder('describe', positionals),
      only,
      compare: values.compare,
      maxPhotos: values['max-photos'] === undefined ? null : readNumber('describe', '--max-photos', values['max-photos'], 0, 999_999),
      maxUsd: values['max-usd'] === undefined ? null : readDollars('describe', '--max-usd', values['max-usd']),
      yes: values.yes,
      json: values.json,
      catalog: catalogOf('describe', values.catalog),
      progress: values.progress,
    };
  },
  endpoint(words) {
    const { values, positionals } = read('endpoint', words);
    const [first, ...more] = positionals;
    const action = endpointActions.find((one) => one === first);
    if (!action) throw new UsageError(`${first === undefined ? 'What to do is missing' : `"${first}" cannot be done with an endpoint`}: ${endpointActions.join(', ')}.`, 'endpoint');
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much.`, 'endpoint');
    const { url = null, model = null, 'usd-per-1000': price } = values;
    if (action === 'set' && (!url || !model)) throw new UsageError(`--${url ? 'model' : 'url'} is missing.`, 'endpoint');
    if (action !== 'set' && (url !== null || model !== null || price !== undefined)) throw new UsageError('--url, --model and --usd-per-1000 are for set.', 'endpoint');
    return { name: 'endpoint', action, url, model, usdPer1000: price === undefined ? null : readDollars('endpoint', '--usd-per-1000', price), json: values.json };
  },
  serve(words) {
    const { values, positionals } = read('serve', words);
    const port = values.port === undefined ? 0 : readNumber('serve', '--port', values.port, 0, 65_535);
    const to = values.to ?? [];
    if (to.includes('')) throw new UsageError('--to needs a folder.', 'serve');
    return { name: 'serve', folder: onlyFolder('serve', positionals), port, to, catalog: catalogOf('serve', values.catalog) };
  },
};

type ShootValues = Record<'json' | 'progress', boolean> & Partial<Record<'preset' | 'window' | 'likeness' | 'catalog', string | undefined>>;

function readShootCommand<N extends 'cull' | 'groups'>(name: N, values: ShootValues, positionals: readonly string[]): ShootCommand<N> {
  const { json, progress, preset, window, likeness } = values;
  return { name, folder: onlyFolder(name, positionals), grouping: readGrouping(name, { preset, window, likeness }), json, catalog: catalogOf(name, values.catalog), progress };
}

function readGrouping(of: CommandName, { preset, window, likeness }: { readonly [option in keyof typeof groupingOptions]: string | undefined }): Partial<GroupChoice> {
  if (preset !== undefined) {
    if (window !== undefined || likeness !== undefined) throw new UsageError(`--preset and --${window === undefined ? 'likeness' : 'window'} exclude each other.`, of);
    const name = presetNames.find((one) => one === preset.toLowerCase());
    if (!name) throw new UsageError(`--preset is ${presetNames.join(', ')}, not "${preset}".`, of);
    return groupPresets[name];
  }
  return {
    ...(window === undefined ? {} : { window: readSeconds(of, '--window', window, windowRange) }),
    ...(likeness === undefined ? {} : { likeness: readNumber(of, '--likeness', likeness, likenessRange.from, likenessRange.to) }),
  };
}

function readWeighing(genre: string | undefined, weights: string | undefined): Weighing {
  const named = genre === undefined ? null : presetNames.find((one) => one === genre.toLowerCase());
  if (named === undefined) throw new UsageError(`--genre is ${presetNames.join(', ')}, not "${genre}".`, 'cull');
  return { genre: named, weights: weights === undefined ? {} : readWeights(weights) };
}

/** `focus=2,eyes=0.5` */
function readWeights(value: string): Partial<Weights> {
  const weights: Partial<Record<keyof Weights, number>> = {};
  for (const part of value.split(',')) {
    const [, word, digits] = /^\s*([a-z]+)\s*=\s*(\d(?:\.\d{1,2})?)\s*$/.exec(part.toLowerCase()) ?? [];
    const name = measureNames.find((one) => one === word);
    const weight = Number(digits);
    if (!name || !(weight >= weightRange.from && weight <= weightRange.to)) throw new UsageError(`--weights is like focus=2,eyes=1: ${measureNames.join(', ')}, each ${weightRange.from} to ${weightRange.to}, not "${part.trim()}".`, 'cull');
    weights[name] = weight;
  }
  if (measureNames.every((name) => weights[name] === 0)) throw new UsageError('--weights must leave something that counts.', 'cull');
  return weights;
}

function readSeconds(of: CommandName, option: string, value: string, { from, to }: typeof windowRange): number {
  const seconds = /^\d{1,2}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
  if (!(seconds >= from && seconds <= to)) throw new UsageError(`${option} is a number of seconds from ${from} to ${to}, not "${value}".`, of);
  return seconds;
}

function isCommandName(word: string | undefined): word is CommandName {
  return (commandNames as readonly (string | undefined)[]).includes(word);
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

function read<N extends CommandName>(of: N, words: string[]) {
  return readOptions(optionsOf[of], of, words);
}

function readOptions<O extends Options>(options: O, of: CommandName, words: string[]) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) throw new UsageError(describeParseError(error.message), of);
    throw error;
  }
}

/** Node's own sentences, without what they say about its conventions. */
function describeParseError(message: string): string {
  const option = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument (?:is ambiguous|missing)/.exec(message)?.[1];
  if (option) return `${option} needs a value.`;
  const sentence = message.split('\n', 1)[0]!.replace(/\. .*$/s, '').replace(/\.$/, '');
  return `${sentence}.`;
}

function onlyFolder(of: CommandName, positionals: readonly string[]): string {
  const [folder, ...more] = positionals;
  if (!folder) throw new UsageError('The folder is missing.', of);
  if (more.length > 0) throw new UsageError(`One folder at a time: "${more[0]}" is too much.`, of);
  return folder;
}

function catalogOf(of: CommandName, value: string | undefined): string | null {
  if (value === '') throw new UsageError('--catalog needs a file name.', of);
  return value ?? null;
}

function readNumber(of: CommandName, option: string, value: string, least: number, most: number): number {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw new UsageError(`${option} is a whole number from ${least} to ${most}, not "${value}".`, of);
  return number;
}

function readDollars(of: CommandName, option: string, value: string): number {
  const dollars = /^\d{1,6}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(dollars)) throw new UsageError(`${option} is a number of US dollars, like 2.50, not "${value}".`, of);
  return dollars;
}

function readSource(value: string): SourceChoice {
  const source = sourceChoices.find((choice) => choice === value);
  if (!source) throw new UsageError(`--source is embedded, rendered or auto, not "${value}".`, 'preview');
  return source;
}

function readModel(value: string): ModelId {
  const model = modelIds.find((id) => id === value.toLowerCase());
  if (!model) throw new UsageError(`There is no model "${value}"; there are ${modelIds.join(', ')}.`, 'models');
  return model;
}

function readStage(value: string): StageId {
  const stage = stageIds.find((id) => id === value.toLowerCase());
  if (!stage) throw new UsageError(`There is no stage "${value}"; there are ${stageIds.join(', ')}.`, 'doctor');
  return stage;
}

function readWhere(value: string): Where {
  if (value === 'keep' || value === 'pick') return value;
  const rating = /^rating\s*>=\s*([1-5])$/.exec(value)?.[1];
  if (rating) return { rating: Number(rating) };
  // an unquoted > is taken by the shell, which leaves "rating" here and a file called "=N" behind
  const hint = value === 'rating' ? " Quote it for the shell: --where 'rating>=3'." : '';
  throw new UsageError(`--where is keep, pick or rating>=N with N from 1 to 5, not "${value}".${hint}`, 'export');
}

function readLabel(value: string): LabelName | null {
  const wanted = value.toLowerCase();
  if (wanted === 'none') return null;
  const label = labelNames.find((name) => name.toLowerCase() === wanted);
  if (!label) throw new UsageError(`--label is ${labelNames.join(', ')} or none, not "${value}".`, 'mark');
  return label;
}
