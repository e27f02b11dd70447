export * from './codes.ts';
export * from './emitter.ts';
export * from './result.ts';
export * from './signal.ts';
