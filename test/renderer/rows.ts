/** Rows of a shoot as the contract sends them, for tests of the page's state. */
import type { PhotoColumns } from '../../main/contract/index.ts';

export type Row = { readonly [K in keyof PhotoColumns]: PhotoColumns[K][number] };

/** A finished RAW photo without marks; `change` says what is different. */
export function makeRow(id: number, change: Partial<Row> = {}): Row {
  return {
    id,
    name: `IMG_${id}.NEF`,
    format: 'nef',
    state: 'done',
    flag: 'none',
    rating: 0,
    label: null,
    existingRating: null,
    existingLabel: null,
    verdict: 'keep',
    technical: 0.5,
    focus: 0.5,
    exposure: 0.5,
    group: null,
    kind: null,
    best: false,
    capturedMs: id * 1000,
    width: 6000,
    height: 4000,
    source: 'embedded',
    fullWidth: 6000,
    fullHeight: 4000,
    pixels: `k${id}`,
    error: null,
    pair: null,
    ...change,
  };
}

export function columnsOf(rows: readonly Row[]): PhotoColumns {
  const column = <K extends keyof Row>(key: K): Row[K][] => rows.map((row) => row[key]);
  return {
    id: column('id'), name: column('name'), format: column('format'), state: column('state'), flag: column('flag'), rating: column('rating'),
    label: column('label'), existingRating: column('existingRating'), existingLabel: column('existingLabel'), verdict: column('verdict'), technical: column('technical'), focus: column('focus'), exposure: column('exposure'),
    group: column('group'), kind: column('kind'), best: column('best'), capturedMs: column('capturedMs'), width: column('width'), height: column('height'),
    source: column('source'), fullWidth: column('fullWidth'), fullHeight: column('fullHeight'),
    pixels: column('pixels'), error: column('error'), pair: column('pair'),
  };
}
