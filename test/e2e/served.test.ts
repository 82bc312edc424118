import * as assert from 'node:assert/strict';
import { servedJudge } from '../support/chatJudge';
import type { Body } from '../support/chatDialects';
import { ChatServer } from '../support/chatServer';
import { Panel } from './panel';
import { servedFolder, type ServedFolder } from './servedFolder';
import { Workbench } from './workbench';

const MODEL = 'qwen2.5-vl';
const GONE = 'no-server-here';
/** What a server says is data, whatever it would like to be. */
const HOSTILE =
  '<img src=x-pwned onerror="fetch(\'/pwned\')"> [all is well](command:workbench.action.closeAllEditors)';

/** The judge that looks, but for one criterion on which it lies in wait, and one on which its orders disagree. */
function judgeOf(body: Body): string {
  const answer = JSON.parse(servedJudge()(body)) as {
    criteria: Record<string, { reason: string; score: number }>;
    overall: string;
  };
  const { 'va.tone': tone, 'vf.flicker': flicker } = answer.criteria;
  if (tone) tone.reason = HOSTILE;
  if (flicker && answer.overall !== 'P') Object.assign(flicker, { reason: 'neither flickers.', score: 0 });
  return JSON.stringify(answer);
}

describe('a served judge', function () {
  this.timeout(180_000);
  let folder: ServedFolder;
  let server: ChatServer;
  let workbench: Workbench;
  let panel: Panel;
  let isSlow = true;
  const strayed: string[] = [];

  before(async () => {
    folder = servedFolder('served');
    server = await ChatServer.start({
      model: MODEL,
      answer: judgeOf,
      fault: () => (isSlow ? { kind: 'slow', ms: 25 } : undefined),
    });
    const price = { prompt: 1, completion: 10 };
    const endpoints = [
      { name: 'here', url: server.url, model: MODEL, price },
      { name: 'gone', url: 'http://127.0.0.1:9/v1', model: GONE },
    ];
    workbench = await Workbench.open({
      folder: folder.dir,
      settings: { 'aesrm.sweep.watch': false },
      machine: { 'aesrm.endpoints': endpoints },
    });
    workbench.page.on('request', (request) => {
      if (request.url().includes('pwned')) strayed.push(request.url());
    });
    panel = new Panel(workbench);
  });
  afterEach(function () {
    return workbench.shotIfFailed(this);
  });
  after(async () => {
    await workbench?.close();
    await server?.stop();
  });

  const page = () => workbench.webview();
  const row = (id: string) => panel.find('.row').filter({ has: page().locator(`[data-criterion="${id}"]`) });
  const status = (text: string) => workbench.page.locator('.statusbar-item', { hasText: text });

  /** By keyboard alone: its name, then how it is asked where that is a question. */
  async function choose(name: string, shot?: string): Promise<void> {
    const { keyboard } = workbench.page;
    const groups = workbench.quickRows('served vision-language models');
    await workbench.commandByKeyboard('AesRM: Select Judge', groups);
    await keyboard.type(name);
    await workbench.quickRows(GONE === name ? MODEL : GONE).waitFor({ state: 'hidden' });
    if (shot) await workbench.shot(shot);
    await enter(name);
    if (name !== 'compact') await enter('With reasons');
    await status(`Judge: ${name}`).waitFor();
  }

  /** Takes the row that the keyboard is on, once it is on this one. */
  async function enter(text: string): Promise<void> {
    await workbench.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.quickRows(text).waitFor({ state: 'hidden' });
  }

  async function compare(a: string, b: string): Promise<void> {
    await workbench.command('AesRM: Compare Videos');
    for (const name of [a, b]) {
      // the list is longer than what is drawn of it
      await workbench.quickRows('.mp4').first().waitFor();
      await workbench.page.keyboard.type(name);
      await workbench.pick(name);
    }
    await panel.pictures();
  }

  it('is chosen from the palette by keyboard, and stands in the status bar', async () => {
    await choose(MODEL, 'served-choice');
    assert.equal(server.seen.length, 0, 'a choice asks nothing');
  });

  it('writes its criteria into the panel as they come', async () => {
    await compare('sharp.mp4', 'soft.mp4');
    await panel.find('.criteria.writing .reason', 'keeps its detail').first().waitFor({ timeout: 60_000 });
    // at one moment: they go on being written
    const [written, toCome] = await panel.find('.criteria').evaluate((list) => {
      const holding = (selector: string, text: string) =>
        [...list.querySelectorAll(selector)].filter((e) => e.textContent?.includes(text)).length;
      return [holding('.reason', 'keeps its detail'), holding('.chip.still', 'to come')] as const;
    });
    await workbench.shot('served-writing');
    assert.ok(written > 0 && toCome > 0, `${written} written, ${toCome} to come`);
    await panel.judged();
    assert.match(await panel.verdict(), /A better/);
    assert.equal(server.chats.length, 2, 'one question in each order');
  });

  it('shows stills of the moments it names, which lead there', async () => {
    await panel.find('canvas.still[data-state="ready"]').first().waitFor({ timeout: 20_000 });
    assert.ok((await panel.find('canvas.still').count()) >= 15);
    const from = await panel.toStart();
    await row('va.color').locator('.chip.moment').click();
    const [a] = await panel.moved(from);
    assert.ok(Math.abs(a! - 0.5) < 0.1, `${a} for 0.5`);
  });

  for (const width of [1280, 720])
    it(`keeps its looks in every theme, ${width} wide`, async () => {
      const ready = () => panel.find('canvas.still[data-state="ready"]').first().waitFor();
      await workbench.inEveryTheme('served', width, ready);
    });

  it("has each order's answer one click away, and says where they differ", async () => {
    assert.match(
      await row('vf.flicker').innerText(),
      /The orders disagree\. A first: A better; B first: Tie/,
    );
    await panel.find('[data-order="ba"]').click();
    assert.match(await row('vf.flicker').innerText(), /neither flickers/);
    assert.match(
      await panel.find('.verdict .cell-overall').first().innerText(),
      /A better[\s\S]*B shown first/,
    );
    await workbench.shot('served-order');
    await panel.find('[data-order="ab"]').click();
    assert.match(await row('vf.flicker').innerText(), /A keeps its detail, B is soft/);
    await panel.find('[data-order="both"]').click();
  });

  it("has the model's own words one click away, and what it took", async () => {
    await panel.find('[data-opens="raw"]').click();
    const words = page().getByRole('dialog', { name: "The model's own words" });
    for (const heading of ['=== A first', '=== B first'])
      assert.ok((await words.innerText()).includes(heading), heading);
    assert.ok((await words.innerText()).includes('<img src=x-pwned'));
    await workbench.shot('served-words');
    await workbench.page.keyboard.press('Escape');
    await words.waitFor({ state: 'detached' });
    await panel.find('[data-opens="judge"]').click();
    const about = page().getByRole('dialog', { name: 'About the judge' });
    const facts = await about.innerText();
    for (const fact of [/Requests\s+2/, /Tokens in\s+2,00\d/, /Tokens out\s+[\d,]+/, /behind an endpoint/])
      assert.match(facts, fact);
    await workbench.shot('served-about');
    await workbench.page.keyboard.press('Escape');
  });

  it('is shown as text, whatever it says: no element and no request comes of it', async () => {
    assert.ok((await row('va.tone').innerText()).includes(HOSTILE));
    assert.equal(await page().locator('img, a, script:not([src])').count(), 0);
    await workbench.tab('sharp.mp4 ↔ soft.mp4').waitFor();
    assert.deepEqual(strayed, []);
    assert.deepEqual(
      server.seen.filter(({ path }) => path.includes('pwned')),
      [],
    );
  });

  it('that is out of reach leaves a way to another judge, in the panel', async () => {
    await choose(GONE);
    const failed = panel.find('.run.failed');
    await failed.waitFor({ timeout: 60_000 });
    await workbench.shot('served-failed');
    await failed.getByRole('button', { name: 'Select judge…' }).click();
    await workbench.quickRows('served vision-language models').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('gives way to the compact judge', async () => {
    await choose('compact');
    await panel.find('.judge-name', /compact/i).waitFor({ timeout: 60_000 });
    await panel.judged();
    assert.equal(await panel.find('.answers').count(), 0);
    assert.equal(server.chats.length, 2);
  });

  it('judges a sweep once its cost was agreed to, and not before', async () => {
    isSlow = false;
    await choose(MODEL);
    await workbench.closeEditors();
    await workbench.contextMenu(workbench.explorerRow(folder.sweep).first(), 'Open Checkpoint Sweep…');
    await page().locator('body[data-phase="ready"]').waitFor({ timeout: 60_000 });
    const before = server.chats.length;
    const start = page().getByRole('button', { name: /start/i }).first();
    const question = workbench.page.locator('.monaco-dialog-box');
    await start.click();
    await question.waitFor();
    assert.match(
      await question.innerText(),
      /Put 8 requests to qwen2\.5-vl\?[\s\S]*At the prices of aesrm\.endpoints that is about \d+\.\d\d/,
    );
    await workbench.shot('served-cost');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    assert.equal(server.chats.length, before, 'nothing was agreed to');
    await start.click();
    await question.getByRole('button', { name: 'Start' }).click();
    await page().locator('body[data-phase="done"]').waitFor({ timeout: 60_000 });
    assert.equal(server.chats.length - before, 2 * folder.prompts);
    assert.match(await page().locator('.judge').innerText(), new RegExp(MODEL));
    await workbench.shot('served-sweep');
  });
});
