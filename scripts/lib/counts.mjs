// Reads what a test runner says at its end.

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/** @returns {Counts} */
export const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function sum(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** @param {Counts} counts */
export function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const COLOURS = /\u001b\[[0-9;]*m/g;
const MOCHA = /** @type {const} */ ({ passing: 'passed', failing: 'failed', pending: 'skipped' });

/**
 * The closing lines of mocha's spec reporter; a run may have several.
 * @param {string} output
 */
export function mochaCounts(output) {
  const counts = none();
  for (const line of output.replace(COLOURS, '').split('\n')) {
    const closing = /^ {2}(\d+) (passing|failing|pending)(?: \(.*\))?\s*$/.exec(line);
    if (closing) counts[MOCHA[closing[2]]] += Number(closing[1]);
  }
  return counts;
}

/**
 * What mocha tells of each failure: all behind the line that counts them. Empty where nothing failed.
 * @param {string} output
 */
export function mochaFailures(output) {
  const [, ...told] = output.replace(COLOURS, '').split(/^ {2}\d+ failing\s*$/m);
  return told.map((text) => text.trim()).join('\n');
}

/**
 * The closing lines of Python's unittest.
 * @param {string} output
 */
export function unittestCounts(output) {
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
  const verdict = /^(?:OK|FAILED)(?: \((.*)\))?\s*$/m.exec(output)?.[1] ?? '';
  const number = (name) => Number(new RegExp(`(?:^|, )${name}=(\\d+)`).exec(verdict)?.[1] ?? 0);
  const failed = number('failures') + number('errors') + number('unexpected successes');
  const skipped = number('skipped');
  return { passed: Math.max(0, ran - failed - skipped), failed, skipped };
}
