export interface Size {
  width: number;
  height: number;
}

/** Limits of a picture, pixels: both sides are multiples of `factor`. */
export interface FrameLimits {
  factor: number;
  least: number;
  most: number;
}

/**
 * The size in which a model takes a picture: the nearest to its own that keeps the limits and, within a multiple, the
 * shape. The rule is Qwen's (`smart_resize`), so that the model's own processor leaves such a picture as it is.
 */
export function fitFrame(width: number, height: number, { factor, least, most }: FrameLimits): Size {
  const fit = (size: number, to: (n: number) => number) => Math.max(factor, to(size / factor) * factor);
  let [w, h] = [fit(width, Math.round), fit(height, Math.round)];
  if (w * h > most) {
    const beta = Math.sqrt((width * height) / most);
    [w, h] = [fit(width / beta, Math.floor), fit(height / beta, Math.floor)];
  } else if (w * h < least) {
    const beta = Math.sqrt(least / (width * height));
    [w, h] = [fit(width * beta, Math.ceil), fit(height * beta, Math.ceil)];
  }
  return { width: w, height: h };
}
