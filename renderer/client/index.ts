export * from './open.ts';
export * from './session.ts';
export * from './transport.ts';
