import * as assert from 'node:assert/strict';
import { inert } from '../../../src/host/inert';

/** What VS Code's notifications take for a link (vs/base/common/linkedText.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('host: text that does not act', () => {
  for (const text of [
    'It says "[all is well](command:workbench.action.closeAllEditors)".',
    '[a]([b](command:x))](command:y)',
    '[a](https://a.example "and a title") [b](file:///etc/passwd)',
  ])
    it(`has no link: ${text}`, () => {
      assert.match(text, LINK);
      assert.doesNotMatch(inert(text), LINK);
      assert.equal(inert(text).replaceAll('\u2060', ''), text);
    });

  it('is otherwise as it was', () => {
    const text = 'clip [1].mp4 (the second) of [] ()';
    assert.equal(inert(text), text);
  });
});
