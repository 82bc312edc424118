import type { CriterionVerdict, Verdict } from './verdict';
import {
  callRows,
  clipFacts,
  criterionName,
  describedClips,
  judgeText,
  ordersText,
  runSentences,
  scoreMark,
  voteChoices,
  voteConditions,
  voteForSides,
  whenText,
} from './verdictFacts';
import type { Vote } from './vote';

/** One line without control characters or those that turn the direction of text: a name must not hide what it is. */
export function plainLine(text: string): string {
  return text
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
}

/** Text that renders as itself in Markdown, table cells included: no markup, HTML, link, mention or issue number. */
export function escapeMarkdown(text: string): string {
  return (
    plainLine(text)
      .replace(/[\\`*_[\]#|~$]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // A word joiner keeps "@name" and "https://" from being linked.
      .replace(/@/g, '@\u2060')
      .replace(/:\/\//g, ':\u2060//')
      .replace(/^[-=]/, '\\$&')
      // A backslash escapes no digit, and a number needs none.
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}

/** Code that renders as itself: the fence is longer than any run of backticks inside. */
export function codeSpan(text: string): string {
  const line = plainLine(text);
  if (line === '') return '` `';
  const longest = (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

function criterionRow(c: CriterionVerdict): string {
  return row(escapeMarkdown(criterionName(c)), scoreMark(c), escapeMarkdown(c.reason), whenText(c));
}

function criteriaTable(v: Verdict): string[] {
  return [
    row('Criterion', 'Better', 'Reason', 'When'),
    row('---', ':-:', '---', '---'),
    ...v.criteria.map(criterionRow),
  ];
}

function verdictTable(v: Verdict): string[] {
  const rows = callRows(v).map(({ name, winner, words, odds }) =>
    row(name, winner === 'A' || winner === 'B' ? `**${words}**` : words, odds),
  );
  return [row('', 'Verdict', 'Probability'), row('---', '---', '---'), ...rows];
}

/** The judge's description of each clip, with how often it is right: its word, no measurement. */
function conceptLines(v: Verdict): string[] {
  const lines = describedClips(v).map(
    ({ side, words, accuracy }) =>
      `- **${side}**, as the judge describes it: ${escapeMarkdown(words)} (measured: ${escapeMarkdown(accuracy)})`,
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

function voteSection(vote: Vote): string[] {
  const who = `${escapeMarkdown(vote.by)}, ${escapeMarkdown(vote.at)} (${voteConditions(vote)})`;
  const note = vote.note ? ['', `> ${escapeMarkdown(vote.note)}`] : [];
  return ['', `### Vote of ${who}`, '', ...voteChoices(vote).map((c) => `- ${c}`), ...note];
}

/** A verdict as Markdown for an issue or a lab note; the user's vote stands apart from the judge's word. */
export function verdictMarkdown(v: Verdict, vote?: Vote): string {
  const cast = voteForSides(v, vote);
  const lines = [
    '## Video comparison',
    '',
    `- **A**: ${codeSpan(v.a.path)} (${clipFacts(v.a)})`,
    `- **B**: ${codeSpan(v.b.path)} (${clipFacts(v.b)})`,
    ...(v.prompt === undefined ? [] : [`- **Prompt**: ${codeSpan(v.prompt)}`]),
    '',
    ...verdictTable(v),
    '',
    ...criteriaTable(v),
    '',
    ...conceptLines(v),
    `Judge: ${escapeMarkdown(judgeText(v))}; ${ordersText(v.orders)}. Judged ${escapeMarkdown(v.at)}.`,
    ...runSentences(v).map((sentence) => escapeMarkdown(sentence)),
    ...(cast ? voteSection(cast) : []),
  ];
  return `${lines.join('\n')}\n`;
}
