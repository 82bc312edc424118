/** Thrown by every decoder in core: its message is one sentence for a person. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

export type Json = Record<string, unknown>;

export function obj(value: unknown, at: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DecodeError(`${at} is not an object`);
  return value as Json;
}

export function arr(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw new DecodeError(`${at} is not a list`);
  return value;
}

export function str(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new DecodeError(`${at} is not a string`);
  return value;
}

export function num(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${at} is not a number`);
  return value;
}

export function bool(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw new DecodeError(`${at} is not true or false`);
  return value;
}

export function oneOf<const T extends readonly (string | number)[]>(
  value: unknown,
  allowed: T,
  at: string,
): T[number] {
  if (!allowed.includes(value as T[number]))
    throw new DecodeError(`${at} is ${JSON.stringify(value)}, expected one of ${allowed.join(', ')}`);
  return value as T[number];
}

export function optional<T>(value: unknown, decode: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : decode(value);
}

/** Checks the version first, so that a file of a later version is refused with a sentence. */
export function requireFormat(o: Json, format: string): void {
  if (o.format !== format)
    throw new DecodeError(
      `this is ${JSON.stringify(o.format)}, and this version of AesRM Review reads ${format}`,
    );
}
