import { escapeMarkdown } from '../markdown';
import type { GpuFacts } from './facts';
import { gpuReport, type Finding } from './findings';

const MARKS: Record<Finding['state'], string> = { there: '✓ there', missing: '✗ missing', note: '· note' };

/** The report of `AesRM: Set Up GPU…`: what is there, what is missing, what to do, and how to take it back. */
export function gpuMarkdown(facts: GpuFacts): string {
  const { conclusion, findings, takesLibraries } = gpuReport(facts);
  const todos = findings.flatMap(({ what, todo }) => (todo === undefined ? [] : [{ what, todo }]));
  const steps = todos.filter(({ todo }, i) => todos.findIndex((other) => other.todo === todo) === i);
  const { platform, arch } = facts.system;
  const lines = [
    '# GPU for the judge',
    '',
    `**${conclusion}**`,
    '',
    `Looked at ${escapeMarkdown(facts.at)} on ${platform}-${arch}. Nothing was changed by looking.`,
    '',
    '## What is there, and what is missing',
    '',
    '| | | |',
    '| --- | --- | --- |',
    ...findings.map(({ state, what, detail }) => `| ${MARKS[state]} | ${cell(what)} | ${cell(detail)} |`),
    '',
    '## What to do',
    '',
    ...(steps.length > 0
      ? steps.map(({ what, todo }, i) => `${i + 1}. **${cell(what)}.** ${cell(todo)}`)
      : ['Nothing.']),
    '',
    ...(takesLibraries ? undoing(facts) : []),
    ...limits(facts),
  ];
  return `${lines.join('\n')}\n`;
}

const cell = escapeMarkdown;

function undoing({ chosen, fetched }: GpuFacts): string[] {
  const steps = [
    ...(chosen ? [`\`aesrm.gpuLibraries\` names ${cell(chosen.dir)}. Undo: *Stop Using the Folder*.`] : []),
    ...(fetched
      ? [
          `${cell(fetched.dir)} was fetched (${Math.round(fetched.bytes / 1e6)} MB). Undo: *Remove What Was Fetched*.`,
        ]
      : []),
  ];
  if (steps.length === 0) return [];
  return ['## What was set up, and how to undo it', '', ...steps.map((step) => `- ${step}`), ''];
}

function limits({ system, trials }: GpuFacts): string[] {
  const tried = trials.map(({ device }) => device);
  const missing = system.platform === 'win32' && !tried.includes('directml') ? ['DirectML'] : [];
  return [
    '## What this does not tell',
    '',
    '- Each provider was tried on one small convolution, in a process of its own. Whether the judge itself answers on it as on the processor, and faster, is tried when it is loaded; what ran stands beside every verdict.',
    ...(missing.length > 0 ? [`- ${missing.join(', ')} is not in this build of ONNX Runtime.`] : []),
  ];
}
