export * from './breaker.ts';
export * from './choose.ts';
export * from './failures.ts';
export * from './prices.ts';
export * from './rate.ts';
export * from './retry.ts';
export * from './table.ts';
export * from './work-list.ts';
