export * from './codes.ts';
export * from './emitter.ts';
export * from './name-hash.ts';
export * from './paths.ts';
export * from './result.ts';
export * from './signal.ts';
