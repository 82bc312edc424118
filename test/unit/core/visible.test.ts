import assert from 'node:assert/strict';
import { visibleControls } from '../../../src/core/visible';

describe('text with its controls made visible', () => {
  it('keeps words of every script, tabs and line feeds', () => {
    const text = 'a\tb\nשלום, 日本, é, 😀 {"x": "<img>"}';
    assert.equal(visibleControls(text), text);
  });

  it('spells out what would act on the text around it, or pass unseen', () => {
    assert.equal(
      visibleControls('x\u202eab\u202c\u2066c\u061c\u0000\u001b[31m\rd\u200b\ufeff'),
      'x\\u202eab\\u202c\\u2066c\\u061c\\u0000\\u001b[31m\\u000dd\\u200b\\ufeff',
    );
  });
});
