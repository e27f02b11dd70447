/** The whole contract: what a page may ask of the engine. */
import { cull } from './cull.ts';
import { deliver } from './deliver.ts';
import { doctor } from './doctor.ts';
import { groups } from './groups.ts';
import { jobs } from './jobs.ts';
import { library } from './library.ts';
import { models } from './models.ts';
import { shell } from './shell.ts';
import { weights } from './weights.ts';

export const contract = { library, cull, groups, weights, jobs, deliver, models, doctor, shell } as const;
export type ParjanyaContract = typeof contract;

export * from './advice.ts';
export * from './client.ts';
export * from './cull.ts';
export * from './define.ts';
export * from './faces.ts';
export * from './focus.ts';
export * from './headroom.ts';
export * from './deliver.ts';
export * from './doctor.ts';
export * from './groups.ts';
export * from './jobs.ts';
export * from './library.ts';
export * from './models.ts';
export * from './pictures.ts';
export * from './schemas.ts';
export * from './server.ts';
export * from './weights.ts';
export * from './shell.ts';
export * from './wire.ts';
