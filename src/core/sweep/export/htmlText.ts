import { escapeHtml } from '../../html';
import { plainLine } from '../../markdown';
import { SERIES_COLOURS } from '../seriesColours';
import { SERIES } from '../table';

/** One line of text as HTML, in an element or a quoted attribute. */
export function esc(text: string): string {
  return escapeHtml(plainLine(text));
}

export const tag = (name: string, inner: string, attributes = '') =>
  `<${name}${attributes === '' ? '' : ` ${attributes}`}>${inner}</${name}>`;

/** @param cells HTML; the first of each row is its head */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], name = ''): string {
  const head = tag('tr', heads.map((h) => `<th scope="col">${h}</th>`).join(''));
  const line = (cells: readonly string[]) =>
    tag('tr', cells.map((c, i) => (i === 0 ? `<th scope="row">${c}</th>` : `<td>${c}</td>`)).join(''));
  const attributes = name === '' ? '' : `class="${name}"`;
  return `<div class="scroll">${tag('table', `<thead>${head}</thead><tbody>${rows.map(line).join('\n')}</tbody>`, attributes)}</div>`;
}

const colours = (scheme: 'light' | 'dark') =>
  SERIES.map((series) => `;--${series}:${SERIES_COLOURS[series][scheme]}`).join('');

export const REPORT_STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1d2129;--dim:#5c6470;--line:#d9dde3;--soft:#f4f6f8;--up:#0b6e4f;--up-bg:#cdeadd;--down:#a8321f;--down-bg:#f8d5cd;--tie:#e6e8ec${colours('light')}}
@media (prefers-color-scheme:dark){:root{--bg:#15181d;--fg:#e5e8ec;--dim:#9aa3af;--line:#343a43;--soft:#1d2127;--up:#7fd6b1;--up-bg:#174a38;--down:#f2a596;--down-bg:#5c2419;--tie:#31363f${colours('dark')}}}
*{box-sizing:border-box}
body{margin:0 auto;padding:32px 24px 64px;max-width:1080px;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:18px;margin:40px 0 8px;padding-top:12px;border-top:1px solid var(--line)}h3{font-size:15px;margin:20px 0 4px}
p{margin:6px 0;max-width:75ch}.dim{color:var(--dim)}.best{font-size:18px;font-weight:600}
.note{border-left:3px solid var(--line);padding:4px 12px;background:var(--soft);max-width:80ch}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13.5px}
th,td{padding:4px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
thead th{color:var(--dim);font-weight:600}tbody th{font-weight:500}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:16px}
figure{margin:0}figcaption{font-weight:600;font-size:14px}svg{width:100%;height:auto;display:block}
svg text{fill:var(--dim);font:11px system-ui,sans-serif}.axis{stroke:var(--line)}.half{stroke:var(--dim);stroke-dasharray:3 3}
.marks th[scope=row]{max-width:320px;overflow:hidden;text-overflow:ellipsis;position:sticky;left:0;background:var(--bg)}
.marks caption{text-align:left;font-weight:600;padding:6px 0;white-space:normal}
.marks td,.marks thead th{padding:2px 4px;text-align:center;vertical-align:bottom;border:1px solid var(--line);min-width:22px}
.marks thead th{font-size:11px}.tall thead th span{writing-mode:vertical-rl;transform:rotate(180deg)}
.marks img{display:block;width:72px;height:auto;margin:0 auto}
.u{background:var(--up-bg);color:var(--up)}.d{background:var(--down-bg);color:var(--down)}.t{background:var(--tie)}.h{color:var(--dim)}
.b{outline:2px solid var(--down);outline-offset:-2px}
li{margin:2px 0;overflow-wrap:anywhere}
@media print{*{print-color-adjust:exact}body{max-width:none;padding:0;font-size:11px}.charts{grid-template-columns:1fr 1fr}h2{break-after:avoid}figure,tr{break-inside:avoid}.scroll{overflow:visible}}
@media (max-width:520px){.charts{grid-template-columns:1fr}body{padding:16px}}
`;
