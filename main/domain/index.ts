export * from './format-of-name.ts';
export * from './photo.ts';
export * from './stage.ts';
export * from './verdict-types.ts';
export * from './hash.ts';
