import { parseArgs } from 'node:util';
import { coldStart, encoding, fromLog, memory } from './figures';
import { judging } from './pairs';
import type { Figure } from './setting';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, clips: { type: 'string', default: '2' } },
});

function verdictOn({ value, target }: Figure): string {
  if (!target) return '';
  const good = 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
  const bound = 'atMost' in target ? `at most ${target.atMost}` : `at least ${target.atLeast}`;
  return `  ${Number.isNaN(value) ? 'not measured' : good ? 'holds' : 'MISSED'} (${bound})`;
}

function line(figure: Figure): string {
  const { name, value, unit, note } = figure;
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  return `${name.padEnd(32)} ${`${shown} ${unit}`.padStart(20)}${verdictOn(figure)}${note ? `  ${note}` : ''}`;
}

async function main(): Promise<void> {
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  const figures: Figure[] = [];
  for (const measure of [coldStart, fromLog, memory, judging, () => encoding(Number(values.clips), tell)]) {
    const found = await measure();
    figures.push(...found);
    if (!values.json) for (const figure of found) console.log(line(figure));
  }
  if (values.json)
    console.log(JSON.stringify({ format: 'aesrm.speed/1', node: process.version, figures }, null, 2));
}

void main();
