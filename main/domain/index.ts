export * from './photo.ts';
export * from './stage.ts';
export * from './verdict-types.ts';
