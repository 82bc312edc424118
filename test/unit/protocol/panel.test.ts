import assert from 'node:assert/strict';
import { DecodeError } from '../../../src/core/decode';
import {
  decodePanelAction,
  decodePanelMessage,
  decodePanelState,
  type PanelAction,
} from '../../../src/protocol/panel';

const ACTIONS: PanelAction[] = [
  { type: 'ready' },
  { type: 'unplayable', side: 'A', uri: 'vscode-resource:x' },
  { type: 'unplayableAhead', uri: 'vscode-resource:x' },
  { type: 'cancel' },
  { type: 'rejudge' },
  { type: 'swap' },
  { type: 'setBlind', on: true },
  { type: 'vote', of: 'VA', choice: 'tie' },
  { type: 'vote', of: 'overall', choice: 'A', pair: 'one' },
  { type: 'vote', of: 'overall', choice: null },
  { type: 'undoVote' },
  { type: 'copyMarkdown' },
  { type: 'copyRaw' },
  { type: 'selectJudge' },
  { type: 'showLog' },
  { type: 'openSetting', key: 'aesrm.device' },
  { type: 'openModelCard' },
  { type: 'revealClip', side: 'B' },
];

describe('decodePanelAction', () => {
  for (const action of ACTIONS)
    it(`lets through ${JSON.stringify(action)} and nothing besides`, () => {
      assert.deepEqual(decodePanelAction({ ...action, command: 'workbench.action.quit' }), action);
    });

  for (const junk of [
    null,
    'ready',
    {},
    { type: 'executeCommand', command: 'x' },
    { type: '__proto__' },
    { type: 'constructor' },
    { type: 'vote', of: 'VA', choice: 'C' },
    { type: 'vote', of: 'VA', choice: 'A', pair: 1 },
    { type: 'vote', of: 'vf.sharpness', choice: 'A' },
    { type: 'openSetting', key: 'terminal.integrated.shell' },
    { type: 'revealClip', side: 'C' },
    { type: 'setBlind', on: 'yes' },
    { type: 'unplayable', side: 'A' },
    { type: 'unplayableAhead', side: 'A' },
  ])
    it(`refuses ${JSON.stringify(junk)}`, () => assert.throws(() => decodePanelAction(junk), DecodeError));
});

describe('decodePanelMessage', () => {
  it('reads steering and snapshots', () => {
    assert.deepEqual(decodePanelMessage({ type: 'go', to: 'nextDifference' }), {
      type: 'go',
      to: 'nextDifference',
    });
    const snapshot = { revision: 1, sides: { A: {}, B: {} } };
    assert.deepEqual(decodePanelMessage({ type: 'snapshot', snapshot }), { type: 'snapshot', snapshot });
  });
  it('refuses anything else', () => {
    for (const junk of [
      { type: 'go', to: 'away' },
      { type: 'snapshot' },
      { type: 'snapshot', snapshot: { revision: '1' } },
      {},
    ])
      assert.throws(() => decodePanelMessage(junk), DecodeError);
  });
});

describe('decodePanelState', () => {
  const state = { format: 'aesrm.panel/1', a: 'file:///a.mp4', b: 'file:///b.mp4', blind: false };
  it('reads back what was kept', () => {
    assert.deepEqual(decodePanelState(state), state);
    const placed = { ...state, time: 1.5, criterion: 'vf.sharpness' };
    assert.deepEqual(decodePanelState(JSON.parse(JSON.stringify(placed))), placed);
  });
  it('refuses another version or a broken state', () => {
    for (const junk of [
      { ...state, format: 'aesrm.panel/2' },
      { ...state, a: 1 },
      { ...state, time: 'now' },
      undefined,
    ])
      assert.throws(() => decodePanelState(junk), DecodeError);
  });
});
