export * from './graph.ts';
export * from './needs.ts';
export * from './scheduler.ts';
