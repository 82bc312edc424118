import { bool, DecodeError, num, obj, oneOf, optional, str } from '../../core/decode';
import { EXPORT_FORMATS } from '../../core/sweep/formats';
import { decodeLayout } from '../../core/sweep/layout';
import { PAIRINGS } from '../../core/sweep/table';
import type { SweepExportParams, SweepLayoutParams, SweepRunParams, SweepTarget } from '../../protocol/sweep';
import { decodeJudge, path } from './params';

/** Parameters of the worker's methods for sweeps, checked as they come off the wire. */

export function decodeTarget(value: unknown, at = 'sweep'): SweepTarget {
  const o = obj(value, at);
  const fallback = optional(o.fallbackLogDir, (v) => path(v, `${at}.fallbackLogDir`));
  return {
    root: path(o.root, `${at}.root`),
    name: str(o.name, `${at}.name`),
    logDir: o.logDir === null ? null : path(o.logDir, `${at}.logDir`),
    ...(fallback === undefined ? {} : { fallbackLogDir: fallback }),
    layout: decodeLayout(o.layout, `${at}.layout`),
    pairing: oneOf(o.pairing, PAIRINGS, `${at}.pairing`),
    judge: decodeJudge(o.judge),
  };
}

export function decodeRunParams(value: unknown): SweepRunParams {
  const o = obj(value, 'sweepRun');
  return {
    sweep: decodeTarget(o.sweep),
    watch: bool(o.watch, 'watch'),
    retryBroken: bool(o.retryBroken, 'retryBroken'),
  };
}

export function decodeDiffParams(value: unknown): { sweep: SweepTarget; earlier: number; later: number } {
  const o = obj(value, 'sweepDiff');
  const [earlier, later] = [num(o.earlier, 'earlier'), num(o.later, 'later')];
  if (!(earlier >= 0 && earlier < later)) throw new DecodeError('earlier is not before later');
  return { sweep: decodeTarget(o.sweep), earlier, later };
}

export function decodeExportParams(value: unknown): SweepExportParams {
  const o = obj(value, 'sweepExport');
  return {
    sweep: decodeTarget(o.sweep),
    format: oneOf(o.format, EXPORT_FORMATS, 'format'),
    target: path(o.target, 'target'),
  };
}

export function decodeLayoutParams(value: unknown): SweepLayoutParams {
  const o = obj(value, 'sweepLayout');
  const layout = optional(o.layout, (v) => decodeLayout(v, 'layout'));
  return {
    logDir: path(o.logDir, 'logDir'),
    name: str(o.name, 'name'),
    ...(layout ? { layout } : {}),
  };
}
