/** What counts as close, in time and in bits of the perceptual hash. */
export interface GroupSettings {
  /** Frames of a burst follow each other within this, in ms. Clocks of whole seconds may show 1 s for any gap below 2 s. */
  readonly burstGapMs: number;
  /** Bits between neighbours of a burst, and between each frame and the first: the camera may follow a moving subject. */
  readonly burstBits: number;
  readonly burstDriftBits: number;
  /** Bits allowed between any two photos of a group, by how far apart they were taken. Rising `withinMs`, falling `bits`. */
  readonly nearSteps: readonly { readonly withinMs: number; readonly bits: number }[];
  /** Bits where at least one of two photos states no time, anywhere in the shoot. */
  readonly untimedBits: number;
  /** The same for a photo that was turned or mirrored: a program did it, and nothing else changed. */
  readonly turnedBits: number;
  /** Bits between an untimed photo and the one before it in the same folder. */
  readonly untimedNeighbourBits: number;
  /** Bits that members of one group may be apart at most. */
  readonly spreadBits: number;
  /** Pause between frames of an exposure bracket beyond the exposure itself, in ms. */
  readonly bracketGapMs: number;
  /** Smallest step of a bracket in EV, for three frames and more. */
  readonly bracketStep: number;
  /** Bits between frames of a bracket: exposure changes what is seen. */
  readonly bracketBits: number;
  /** Pause between frames of a focus stack beyond the exposure itself, in ms: by hand it takes seconds. */
  readonly stackGapMs: number;
  /** Bits between neighbours of a focus stack, and between each frame and the first: blur changes little of what is seen. */
  readonly stackBits: number;
  readonly stackDriftBits: number;
  /** Pause between the frames of a panorama beyond the exposure itself, in ms. */
  readonly panoramaGapMs: number;
  /** No frame of a burst or set of similar photos is further than this from its medoid, the frame in the middle of all. */
  readonly medoidBits: number;
}

/**
 * Measured in test/accuracy: different scenes are 17 bits and more apart (rarely under 20), exposures of a bracket up to 12,
 * an HDR version of the same view 14, edits of one photo 0 to 1, look-alike objects on black 11 and more.
 */
export const defaultGroupSettings: GroupSettings = {
  burstGapMs: 1_500,
  burstBits: 16,
  burstDriftBits: 24,
  nearSteps: [
    { withinMs: 30_000, bits: 14 },
    { withinMs: 120_000, bits: 10 },
    { withinMs: 600_000, bits: 8 },
  ],
  untimedBits: 6,
  turnedBits: 3,
  untimedNeighbourBits: 8,
  spreadBits: 14,
  bracketGapMs: 2_500,
  bracketStep: 0.6,
  bracketBits: 22,
  stackGapMs: 15_000,
  stackBits: 14,
  stackDriftBits: 24,
  panoramaGapMs: 8_000,
  medoidBits: 20,
};
