import { Disposable, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import { toProblem } from '../../core/problem';
import type { JudgeKeeper } from './keeper';
import { chosenName, judgeTexts as texts } from './texts';

/** The judge of this workspace in the status bar; a click chooses another. */
export function judgeStatusItem(keeper: JudgeKeeper): Disposable {
  const item = window.createStatusBarItem('aesrm.judge', StatusBarAlignment.Right, 90);
  item.name = 'AesRM Review';
  item.command = 'aesrm.selectJudge';
  const show = () => {
    const name = chosenName(keeper.chosen);
    item.text = texts.status(name);
    try {
      keeper.spec();
      item.tooltip = texts.statusTip(name);
      item.backgroundColor = undefined;
    } catch (error) {
      item.tooltip = texts.statusGone(toProblem(error).message);
      item.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
    }
  };
  const listeners = [
    keeper.onChange(show),
    workspace.onDidChangeConfiguration((e) => e.affectsConfiguration('aesrm.endpoints') && show()),
  ];
  show();
  item.show();
  return Disposable.from(...listeners, item);
}
