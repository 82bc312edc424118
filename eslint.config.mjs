// The dependency rules of the architecture, folder by folder, and a plain set of language rules.
import tseslint from 'typescript-eslint';

const deny = (regex, message) => ({ regex, message });

const PACKAGES = deny('^[^./]', 'This folder uses no package and no node: module.');
const VSCODE = deny('^vscode$', 'vscode is imported in src/host and src/extension.ts only.');
const HOST = deny('(\\.\\./|src/)host(/|$)', 'Nobody imports the host but src/extension.ts.');
const ENGINE = deny(
  '(\\.\\./|src/)engine(/|$)',
  'The engine is imported by src/cli.ts, and by the host through its client.',
);
const WIRES = deny('(\\.\\./|src/)protocol(/|$)', 'core imports nothing of ours.');
const WEBVIEW = deny('(\\.\\./)webview/', 'The webview is a program of its own.');
const CHILD_PROCESS = deny('^(node:)?child_process$', 'Processes are started in src/engine only.');
const ORT = deny('^onnxruntime-', 'onnxruntime-node is imported in src/engine/worker only.');
const NODE = deny('^node:', 'This runs in a browser.');
const TOOLKIT = deny('^@vscode/webview-ui-toolkit', 'The toolkit is imported in webview/ui/toolkit.ts only.');
const BROWSER_PACKAGES = deny('^(lit|@vscode/webview-ui-toolkit)(/|$)', 'That is for the webview.');
const ENGINE_INSIDE = deny(
  '(^|/)engine/(?!(client|supervisor)(\\.js)?$)',
  'The host knows engine/client and engine/supervisor only.',
);

/** @returns {{files: string[], rules: Record<string, ['error', object]>}} */
const folder = (files, ...patterns) => ({
  files: [files],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

const SOUND = [
  ...['array-callback-return', 'eqeqeq', 'for-direction', 'getter-return', 'no-async-promise-executor'],
  ...['no-case-declarations', 'no-cond-assign', 'no-constant-condition', 'no-debugger', 'no-dupe-else-if'],
  ...['no-dupe-keys', 'no-duplicate-case', 'no-empty', 'no-eval', 'no-ex-assign'],
  ...['no-fallthrough', 'no-implicit-coercion', 'no-loss-of-precision', 'no-misleading-character-class'],
  ...['no-new-func', 'no-prototype-builtins', 'no-self-assign', 'no-self-compare'],
  ...['no-sparse-arrays', 'no-template-curly-in-string', 'no-throw-literal', 'no-unreachable'],
  ...['no-unsafe-finally', 'no-unsafe-negation', 'no-useless-backreference', 'no-useless-catch'],
  ...['no-useless-escape', 'no-var', 'object-shorthand', 'prefer-const', 'use-isnan', 'valid-typeof'],
];

/** What VS Code shows with links in it. */
const NOTICES =
  "MemberExpression[property.name=/^show(Information|Warning|Error)Message$|^showInputBox$/], MemberExpression[object.name='window'][property.name='withProgress']";

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'out/',
      'node_modules/',
      'demo-workspace/',
      'test-results/',
      '.vscode-test/',
      'training/',
      'models/',
      'src/engine/measure/wasm/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
  {
    rules: {
      ...Object.fromEntries(SOUND.map((rule) => [rule, 'error'])),
      complexity: ['error', 20],
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': [
        'error',
        { name: 'acquireVsCodeApi', message: 'webview/host.ts alone asks for it.' },
      ],
    },
  },

  folder('src/core/**', PACKAGES, WIRES, ENGINE, HOST, WEBVIEW),
  folder('src/protocol/**', PACKAGES, ENGINE, HOST, WEBVIEW),
  folder('src/engine/**', VSCODE, HOST, WEBVIEW, BROWSER_PACKAGES, ORT),
  folder('src/engine/worker/**', VSCODE, HOST, WEBVIEW, BROWSER_PACKAGES),
  folder('src/{cli.ts,cli/**}', VSCODE, HOST, WEBVIEW, BROWSER_PACKAGES, ORT, CHILD_PROCESS),
  folder('src/host/**', ENGINE_INSIDE, WEBVIEW, BROWSER_PACKAGES, ORT, CHILD_PROCESS),
  folder('src/extension.ts', ENGINE_INSIDE, WEBVIEW, BROWSER_PACKAGES, ORT, CHILD_PROCESS),
  folder('webview/**', NODE, VSCODE, HOST_FOLDER(), ENGINE, ORT, CHILD_PROCESS, TOOLKIT),
  folder('webview/ui/toolkit.ts', NODE, VSCODE, HOST_FOLDER(), ENGINE, ORT, CHILD_PROCESS),
  { files: ['webview/host.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['src/{core,protocol,engine,host}/**', 'src/extension.ts', 'webview/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/host/**', 'src/extension.ts'],
    ignores: ['src/host/notices.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: NOTICES, message: 'Say it with src/host/notices.ts.' }],
    },
  },

  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
);

/** In the webview, `./host` is its own seam to VS Code; the extension's host folder is what it must not reach. */
function HOST_FOLDER() {
  return deny('src/host(/|$)', 'The webview talks to the host by messages only.');
}
