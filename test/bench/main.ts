import { parseArgs } from 'node:util';
import { coldStart, encoding, fromLog, memory } from './figures';
import { hosts } from './host';
import { pages } from './page';
import { judging } from './pairs';
import { resuming } from './resume';
import type { Figure } from './setting';
import { step } from './step';
import { recognising, statistics } from './sweep';
import { throughput } from './throughput';
import { workbench } from './workbench';

interface Options {
  json: boolean;
  clips: number;
  /** A missed target is an exit code of 1. */
  fail: boolean;
  /** Only the measures whose name has this in it. */
  only?: string;
}

/** The program that starts this one looks at the same options first. */
function options(): Options {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      clips: { type: 'string', default: '2' },
      'no-fail': { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const { json, only } = values;
  return { json, clips: Number(values.clips), fail: !values['no-fail'], ...(only ? { only } : {}) };
}

function isMissed({ value, target }: Figure): boolean {
  if (!target || Number.isNaN(value)) return false;
  return 'atMost' in target ? value > target.atMost : value < target.atLeast;
}

function verdictOn(figure: Figure): string {
  const { value, target } = figure;
  if (!target) return '';
  const bound = 'atMost' in target ? `at most ${target.atMost}` : `at least ${target.atLeast}`;
  return `  ${Number.isNaN(value) ? 'not measured' : isMissed(figure) ? 'MISSED' : 'holds'} (${bound})`;
}

function line(figure: Figure): string {
  const { name, value, unit, note } = figure;
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  return `${name.padEnd(32)} ${`${shown} ${unit}`.padStart(20)}${verdictOn(figure)}${note ? `  ${note}` : ''}`;
}

async function main({ json, clips, fail, only = '' }: Options): Promise<void> {
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  const figures: Figure[] = [];
  const measures = {
    coldStart,
    fromLog,
    memory,
    judging,
    recognising,
    statistics,
    resuming,
    pages,
    hosts,
    workbench,
    step,
    throughput: () => throughput(clips),
    encoding: () => encoding(clips, tell),
  };
  for (const [name, measure] of Object.entries(measures)) {
    if (!name.includes(only)) continue;
    const found = await measure();
    figures.push(...found);
    if (!json) for (const figure of found) console.log(line(figure));
  }
  if (json) console.log(JSON.stringify({ format: 'aesrm.speed/1', node: process.version, figures }, null, 2));
  if (fail && figures.some(isMissed)) process.exitCode = 1;
}

void main(options());
