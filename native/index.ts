/** The way to compiled code: what main/adapters may import of this folder. */
export { explainLoadFailure, loadNative, platformName } from './load.ts';
export type { NativeModule } from './load.ts';
export { LibrawError, librawModule } from './libraw/index.ts';
export type { Libraw, LibrawCrop, LibrawFacts, LibrawFailure, LibrawImage, LibrawSensor, LibrawSettings, StartLibraw } from './libraw/index.ts';
