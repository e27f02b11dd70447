export * from './bytes.ts';
export * from './decode.ts';
export * from './files.ts';
export * from './infer.ts';
export * from './models.ts';
export * from './pixels.ts';
export * from './render.ts';
export * from './sql.ts';
