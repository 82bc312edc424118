/**
 * Skips the running test (or, from a `before` hook, every test of the suite) and shows why:
 * the reason stands beside the title in the report.
 */
export function skip(context: Mocha.Context, reason: string): never {
  const running = context.test;
  const own = running && 'type' in running && running.type === 'hook' ? allTests(running.parent) : [running];
  for (const test of own) if (test) test.title += ` (skipped: ${reason})`;
  return context.skip();
}

function allTests(suite: Mocha.Suite | undefined): Mocha.Runnable[] {
  return suite ? [...suite.tests, ...suite.suites.flatMap(allTests)] : [];
}
