/** What a RAW file holds beyond what is shown, as the page sees it; see domain HeadroomMeasure. */
import { z } from 'zod';
import { WireError } from './wire.ts';

export const Headroom = z.object({
  /** `none`: the file holds no sensor data; `possible`: nobody has asked yet, or it failed for now (`error`); `refused`: it cannot be told, see `error`. */
  state: z.enum(['none', 'possible', 'measured', 'refused']),
  error: WireError.nullable(),
  measure: z
    .object({
      /** Shares of the sensor's squares of which all, or some, pixels are saturated. */
      saturated: z.object({ all: z.number(), some: z.number() }),
      /** Whether the level of saturation was seen in the data, or is what the file states. */
      saturation: z.enum(['seen', 'stated']),
      /** Shares of the picture that are clipped as shown, by what the sensor has there; EV from the brightest tones shown to the first saturated colour. */
      highlights: z.object({ held: z.number(), partly: z.number(), gone: z.number(), ev: z.number().nullable() }),
      /** Shares that are black as shown, by whether they stand above the sensor's noise; null where its black is not stated. */
      shadows: z.object({ lifted: z.number(), lost: z.number(), ev: z.number().nullable() }).nullable(),
      /** The same in sentences: highlights, shadows. */
      text: z.array(z.string()),
    })
    .nullable(),
});
export type Headroom = z.infer<typeof Headroom>;
