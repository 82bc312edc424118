import { freemem } from 'node:os';

/** Bytes that this process may still take, limits of its container included. */
export function availableMemory(): number {
  const { availableMemory: available } = process as { availableMemory?: () => number };
  return available?.() || freemem();
}
