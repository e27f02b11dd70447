/** What places ask for. First tier of us-east-1, without the free tier; other regions differ. Prices change: source and date stand with each. */

/** `mbAssumed`: memory that the function has where nothing is measured; Lambda bills all of it, used or not. */
export type PriceModel =
  | { readonly kind: 'free' }
  | { readonly kind: 'lambda'; readonly usdPerGbSecond: number; readonly usdPerRequest: number; readonly mbAssumed: number; readonly source: string; readonly date: string }
  | { readonly kind: 'hourly'; readonly usdPerHour: number | null; readonly source: string; readonly date: string };

/** 'AWS Lambda pricing', by two copies that agree. */
const lambda = { kind: 'lambda', usdPerRequest: 0.2 / 1e6, mbAssumed: 1_769, source: 'AWS Lambda pricing, us-east-1, first tier', date: '2026-11' } as const;

export const prices = {
  free: { kind: 'free' },
  'lambda-arm64': { ...lambda, usdPerGbSecond: 0.000_013_333_4 },
  'lambda-x86_64': { ...lambda, usdPerGbSecond: 0.000_016_666_7 },
  // who has rented the GPU knows what it costs by the hour
  gpu: { kind: 'hourly', usdPerHour: null, source: 'stated by whoever rents it', date: '2026-11' },
} as const satisfies Record<string, PriceModel>;

/**
 * US dollars for one photo; null where what it depends on is not known.
 * @param ms a photo, of billed time: what the place works on it, alone
 * @param together photos a call
 */
export function pricePhoto(price: PriceModel, ms: number | null, together: number): number | null {
  if (price.kind === 'free') return 0;
  if (ms === null) return null;
  // a GB is 1,024 MB in Lambda's bills
  if (price.kind === 'lambda') return (price.mbAssumed / 1_024) * (ms / 1_000) * price.usdPerGbSecond + price.usdPerRequest / Math.max(1, together);
  return price.usdPerHour === null ? null : (price.usdPerHour * ms) / 3_600_000;
}
