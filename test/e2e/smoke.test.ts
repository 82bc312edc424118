import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeWorkspace } from '../../scripts/lib/workspace.mjs';
import { ROOT } from '../support/paths';
import { Workbench } from './workbench';

describe('the packaged extension in a real VS Code', () => {
  let workbench: Workbench;

  before(async () => {
    const { dir } = makeWorkspace(join(ROOT, 'out/e2e/smoke'));
    workbench = await Workbench.open({ folder: dir });
  });
  afterEach(function () {
    return workbench.shotIfFailed(this);
  });
  after(() => workbench?.close());

  it('offers its commands in the palette', async () => {
    await workbench.palette('AesRM: Compare Videos');
    await workbench.shot('palette');
    await workbench.page.keyboard.press('Escape');
  });

  it('is not started before it is used', async () => {
    await workbench.command('Developer: Show Running Extensions');
    await workbench.tab('Running Extensions').waitFor();
    await workbench.page.locator('.runtime-extensions-editor .extension').first().waitFor();
    await workbench.resize(1280, 4000);
    await workbench.shot('running-extensions');
    await workbench.page.locator('.runtime-extensions-editor .extension', { hasText: 'Emmet' }).waitFor();
    const shown = await workbench.page
      .locator('.runtime-extensions-editor .extension', { hasText: 'AesRM' })
      .count();
    await workbench.resize(1280);
    assert.equal(shown, 0);
  });
});
