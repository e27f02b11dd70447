/** From words to commands, without a process. */
import { describe, expect, it } from 'vitest';
import { UsageError, parseCommand } from '../../app/cli/arguments.ts';
import { commandNames, describeUsage, usages } from '../../app/cli/usage.ts';

/** The sentence of a wrong usage, and the command it belongs to. */
function refusal(...words: string[]): [string, string | null] {
  try {
    parseCommand(words);
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.of];
    throw error;
  }
  throw new Error(`accepted: ${words.join(' ')}`);
}

describe('right usage', () => {
  it.each<[string[], object]>([
    [['cull', 'shoot'], { name: 'cull', folder: 'shoot', json: false, catalog: null, progress: false }],
    [['cull', '--json', 'shoot', '--catalog', 'c.db', '--progress'], { name: 'cull', folder: 'shoot', json: true, catalog: 'c.db', progress: true }],
    [['cull', '--quick', 'shoot'], { name: 'cull', folder: 'shoot', quick: true, rawExposure: false }],
    [['cull', '--raw-exposure', 'shoot'], { name: 'cull', folder: 'shoot', quick: false, rawExposure: true }],
    [['cull', '--', '-shoot'], { name: 'cull', folder: '-shoot', json: false, catalog: null, progress: false }],
    [['cull', 'shoot', '--preset', 'Sport'], { name: 'cull', grouping: { window: 0.7, likeness: 18 } }],
    [['cull', 'shoot', '--window', '2.5'], { grouping: { window: 2.5 } }],
    [['groups', 'shoot', '--window', '0.2', '--likeness', '22', '--json'], { name: 'groups', folder: 'shoot', grouping: { window: 0.2, likeness: 22 }, json: true, catalog: null, progress: false }],
    [['groups', 'shoot'], { name: 'groups', grouping: {} }],
    [['cull', 'shoot', '--genre', 'Sport'], { name: 'cull', grouping: {}, weighing: { genre: 'sport', weights: {} } }],
    [['cull', 'shoot', '--weights', 'focus=2, eyes=0.5'], { weighing: { genre: null, weights: { focus: 2, eyes: 0.5 } } }],
    [['cull', 'shoot', '--genre', 'landscape', '--weights', 'aesthetics=0', '--preset', 'sport'], { grouping: { window: 0.7 }, weighing: { genre: 'landscape', weights: { aesthetics: 0 } } }],
    [['learn', 'shoot'], { name: 'learn', folder: 'shoot', all: false, take: false, json: false, catalog: null, progress: false }],
    [['learn', 'shoot', '--all', '--take', '--json'], { name: 'learn', all: true, take: true, json: true }],
    [['preview', 'a.nef', '--out', 'a.jpg'], { name: 'preview', file: 'a.nef', out: 'a.jpg', size: null, source: 'auto', json: false }],
    [['preview', 'a.nef', '--out=a.jpg', '--size=1024', '--json'], { name: 'preview', file: 'a.nef', out: 'a.jpg', size: 1024, source: 'auto', json: true }],
    [['preview', 'a.nef', '--out', 'a.jpg', '--source', 'rendered'], { name: 'preview', file: 'a.nef', out: 'a.jpg', size: null, source: 'rendered', json: false }],
    [['export', 'shoot', '--to', 'out'], { name: 'export', folder: 'shoot', to: 'out', preset: 'copy', where: 'keep', json: false, catalog: null, progress: false }],
    [['export', 'shoot', '--to', 'out', '--preset', 'web', '--where', 'pick'], { preset: 'web', where: 'pick' }],
    [['export', 'shoot', '--to', 'out', '--where', 'rating>=4'], { where: { rating: 4 } }],
    [['mark', 'shoot', 'a.jpg', 'b.jpg', '--pick'], { name: 'mark', folder: 'shoot', files: ['a.jpg', 'b.jpg'], mark: { flag: 'pick' }, json: false, catalog: null }],
    [['mark', 'shoot', 'a.jpg', '--reject', '--rating', '0', '--label', 'green'], { mark: { flag: 'reject', rating: 0, label: 'Green' } }],
    [['mark', 'shoot', 'a.jpg', '--unflag', '--label', 'None'], { mark: { flag: 'none', label: null } }],
    [['describe', 'shoot'], { name: 'describe', folder: 'shoot', only: 'usual', compare: false, maxPhotos: null, maxUsd: null, yes: false, json: false, catalog: null }],
    [['describe', 'shoot', '--only', 'all', '--max-photos', '5', '--max-usd', '0.25', '--compare', '--yes'], { only: 'all', compare: true, maxPhotos: 5, maxUsd: 0.25, yes: true }],
    [['endpoint', 'set', '--url', 'u', '--model', 'm', '--usd-per-1000', '2'], { name: 'endpoint', action: 'set', url: 'u', model: 'm', usdPer1000: 2 }],
    [['serve', 'shoot'], { name: 'serve', folder: 'shoot', port: 0, to: [], catalog: null }],
    [['serve', 'shoot', '--port', '8080', '--to', 'a', '--to', 'b'], { port: 8080, to: ['a', 'b'] }],
    [['--help'], { name: 'help', of: null }],
    [['cull', '-h'], { name: 'help', of: 'cull' }],
    [['help', 'mark'], { name: 'help', of: 'mark' }],
    [['--version'], { name: 'version' }],
  ])('%j', (words, command) => {
    expect(parseCommand(words)).toMatchObject(command);
  });

  it('does not take a file called --help, behind --, for a question', () => {
    expect(parseCommand(['mark', 'shoot', '--pick', '--', '--help'])).toMatchObject({ name: 'mark', files: ['--help'] });
  });
});

describe('wrong usage', () => {
  it.each<[string[], string, string | null]>([
    [[], 'A command is missing.', null],
    [['frob'], 'There is no command "frob".', null],
    [['--json', 'cull', 'a'], 'There is no option --json before a command.', null],
    [['cull'], 'The folder is missing.', 'cull'],
    [['cull', ''], 'The folder is missing.', 'cull'],
    [['cull', 'a', 'b'], 'One folder at a time: "b" is too much.', 'cull'],
    [['cull', 'a', '--fast'], "Unknown option '--fast'.", 'cull'],
    [['cull', 'a', '--json=yes'], "Option '--json' does not take an argument.", 'cull'],
    [['cull', 'a', '--catalog'], '--catalog needs a value.', 'cull'],
    [['cull', 'a', '--catalog='], '--catalog needs a file name.', 'cull'],
    [['groups'], 'The folder is missing.', 'groups'],
    [['groups', 'a', '--preset', 'macro'], '--preset is standard, sport, wedding, portrait, landscape, wildlife, not "macro".', 'groups'],
    [['cull', 'a', '--preset', 'sport', '--window', '1'], '--preset and --window exclude each other.', 'cull'],
    [['cull', 'a', '--window', '11'], '--window is a number of seconds from 0.2 to 10, not "11".', 'cull'],
    [['cull', 'a', '--window', '1s'], '--window is a number of seconds from 0.2 to 10, not "1s".', 'cull'],
    [['cull', 'a', '--likeness', '3'], '--likeness is a whole number from 4 to 22, not "3".', 'cull'],
    [['cull', 'a', '--genre', 'macro'], '--genre is standard, sport, wedding, portrait, landscape, wildlife, not "macro".', 'cull'],
    [['cull', 'a', '--weights', 'focus=5'], '--weights is like focus=2,eyes=1: focus, exposure, eyes, aesthetics, each 0 to 4, not "focus=5".', 'cull'],
    [['cull', 'a', '--weights', 'focus=1,smile=2'], '--weights is like focus=2,eyes=1: focus, exposure, eyes, aesthetics, each 0 to 4, not "smile=2".', 'cull'],
    [['cull', 'a', '--weights', 'focus=0,exposure=0,eyes=0,aesthetics=0'], '--weights must leave something that counts.', 'cull'],
    [['learn'], 'The folder is missing.', 'learn'],
    [['preview', '--out', 'b'], 'The file is missing.', 'preview'],
    [['preview', 'a'], '--out <jpg> is missing.', 'preview'],
    [['preview', 'a', '--out', 'b', '--size', '-3'], '--size needs a value.', 'preview'],
    [['preview', 'a', '--out', 'b', '--size', '15'], '--size is a whole number from 16 to 65535, not "15".', 'preview'],
    [['preview', 'a', '--out', 'b', '--source', 'Rendered'], '--source is embedded, rendered or auto, not "Rendered".', 'preview'],
    [['preview', 'a', '--out', 'b', '--size', '1e3'], '--size is a whole number from 16 to 65535, not "1e3".', 'preview'],
    [['export', 'a'], '--to <dir> is missing.', 'export'],
    [['export', 'a', '--to', 'b', '--preset', 'print'], '--preset is web or copy, not "print".', 'export'],
    [['export', 'a', '--to', 'b', '--where', 'rating>=6'], '--where is keep, pick or rating>=N with N from 1 to 5, not "rating>=6".', 'export'],
    [['export', 'a', '--to', 'b', '--where', 'rating'], '--where is keep, pick or rating>=N with N from 1 to 5, not "rating". Quote it for the shell: --where \'rating>=3\'.', 'export'],
    [['mark', 'a', '--pick'], 'The files to mark are missing.', 'mark'],
    [['mark', 'a', 'b'], 'What to mark is missing: --pick, --reject, --unflag, --rating N or --label NAME.', 'mark'],
    [['mark', 'a', 'b', '--pick', '--reject'], '--pick and --reject exclude each other.', 'mark'],
    [['mark', 'a', 'b', '--rating', '6'], '--rating is a whole number from 0 to 5, not "6".', 'mark'],
    [['mark', 'a', 'b', '--rating', '2.5'], '--rating is a whole number from 0 to 5, not "2.5".', 'mark'],
    [['mark', 'a', 'b', '--label', 'pink'], '--label is Red, Yellow, Green, Blue, Purple or none, not "pink".', 'mark'],
    [['serve', 'a', '--port', '65536'], '--port is a whole number from 0 to 65535, not "65536".', 'serve'],
    [['serve', 'a', '--port', 'http'], '--port is a whole number from 0 to 65535, not "http".', 'serve'],
  ])('%j', (words, sentence, of) => {
    expect(refusal(...words)).toEqual([sentence, of]);
  });
});

describe('the usage texts', () => {
  it('tell every option that is understood, and no other', () => {
    for (const name of commandNames) {
      const told = [...`${usages[name].line} ${usages[name].options.map(([option]) => option).join(' ')}`.matchAll(/--[a-z][a-z0-9-]*/g)].map(([option]) => option);
      for (const option of new Set(told)) {
        // an option that is known fails for another reason, if at all
        const [sentence] = refusal(name, option, 'x', '--surely-not-known');
        expect(sentence, `${name} ${option}`).toBe("Unknown option '--surely-not-known'.");
      }
    }
  });

  it('are whole for each command and for all', () => {
    expect(describeUsage(null).match(/parjanya (cull|groups|preview|export|mark|serve) </g)).toHaveLength(6);
    expect(describeUsage('preview')).toMatch(/^Usage: parjanya preview <file> --out <jpg>[\s\S]*--size <px>/);
  });
});
