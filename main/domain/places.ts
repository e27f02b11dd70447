/** Where a stage can run: this computer, a Lambda function of one architecture, or an endpoint with a GPU. */
export const placeIds = ['local', 'lambda-arm64', 'lambda-x86_64', 'gpu'] as const;
export type PlaceId = (typeof placeIds)[number];

/** In words for a person. */
export const placeNames: Readonly<Record<PlaceId, string>> = {
  local: 'this computer',
  'lambda-arm64': 'AWS Lambda (arm64)',
  'lambda-x86_64': 'AWS Lambda (x86_64)',
  gpu: 'the GPU endpoint',
};
