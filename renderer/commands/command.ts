/** Commands and keys are data. What a key does, what a menu says and what the help shows all come from one table. */

/** Where the person is. Two commands may share a key only where they cannot both be meant. */
export type Place = 'welcome' | 'grid' | 'loupe';

/** In this order three columns of about one height. */
export const sections = ['Marks', 'Folder and window', 'Move', 'Select', 'Look', 'Groups'] as const;
export type Section = (typeof sections)[number];

export interface Command {
  readonly id: string;
  /** What it does, as a menu would say it. */
  readonly title: string;
  readonly section: Section;
  readonly where: readonly Place[];
  /** Holding the key down repeats it. */
  readonly repeats?: boolean;
  run(call: CommandCall): void;
}

export interface CommandCall {
  /** Move on to the next photo after marking. */
  readonly advance: boolean;
}

/**
 * One key of a keymap. `key` is modifiers in the order Ctrl, Alt, Shift, Meta joined by `+` and one key name: a letter in
 * capitals, the character itself, or the name that the browser gives (`ArrowLeft`, `Escape`); `Space` for the space bar.
 */
export interface Binding {
  readonly key: string;
  readonly command: string;
  /** Mark and move on. */
  readonly advance?: boolean;
  /** False for second keys that the help leaves out. */
  readonly shown?: boolean;
}

export interface Keymap {
  readonly name: string;
  readonly platform: 'mac' | 'other';
  readonly bindings: readonly Binding[];
}
