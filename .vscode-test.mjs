// The in-host suite. `npm run test:host` builds it, makes its workspace and runs it; where no VS Code can be
// downloaded it names a stand-in executable over a VS Code server from npm.
import { defineConfig } from '@vscode/test-cli';

const standIn = process.env.AESRM_VSCODE_STAND_IN;

export default defineConfig({
  files: 'out/test/integration/**/*.test.js',
  workspaceFolder: 'out/workspace',
  mocha: { ui: 'tdd', timeout: 60_000 },
  launchArgs: ['--disable-extensions'],
  ...(standIn ? { useInstallation: { fromPath: standIn } } : {}),
});
