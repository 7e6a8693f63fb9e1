/**
 * How the pages look: one scale of type, one of space, few colours, each with
 * a meaning, in light and in dark as the system wishes.
 *
 * Every colour of text has a contrast of at least 4.5 to 1 with its ground.
 *
 * @module
 */

import { DARK, LIGHT, type Palette } from "../letter_look.ts";

/** Of pages and badges alone: what is late, and the grounds of what stands out. */
export const LIGHT_MORE = { late: "#8a5a00", band: "#5fa67c", field: "#ffffff", focus: "#1f5fbf" };
const DARK_MORE = { late: "#e8b44c", band: "#4f9a6c", field: "#17181a", focus: "#8ab8ff" };

/** Sizes of type are 14, 16, 20 and 28 px, spaces 4, 8, 16, 24 and 40 px. */
const RULES = `
*{box-sizing:border-box}
html{font:16px/24px -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;
background:var(--page);color:var(--text);scrollbar-gutter:stable}
body{margin:0 auto;max-width:1200px;padding:0 16px 40px}
a{color:inherit;text-underline-offset:3px}
h1{margin:0;font-size:28px;line-height:36px;font-weight:600;overflow-wrap:anywhere}
h2{margin:40px 0 8px;font-size:20px;line-height:28px;font-weight:600}
p{margin:8px 0}
img{max-width:100%}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
[hidden]{display:none}
.unseen{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:8px;padding:4px 8px;background:var(--card);z-index:1}
header{display:flex;flex-wrap:wrap;gap:0 16px;align-items:center;justify-content:space-between;
padding:8px 0;margin-bottom:24px;border-bottom:1px solid var(--rule)}
nav{display:flex;flex-wrap:wrap;gap:0 16px}
nav a,.plain{display:inline-block;padding:8px 0;color:var(--quiet);text-decoration:none}
nav a:hover,.plain:hover{text-decoration:underline}
nav a[aria-current]{color:var(--text);font-weight:600}
footer{margin-top:40px;color:var(--quiet);font-size:14px}
footer p{margin:0}
html[data-stale]{scroll-padding-top:96px}
#not-live{position:sticky;top:0;z-index:1}
#not-live p{box-shadow:0 0 0 1px var(--rule)}
[data-stale] main,[data-stale] #alarms{filter:grayscale(1)}
.alarm{margin:0 0 16px;padding:8px 16px;background:var(--card);border-left:4px solid var(--bad)}
.quiet{color:var(--quiet)}
.small{font-size:14px;line-height:20px}
.headline{margin-bottom:24px}
.headline.alone{margin-top:40px}
.headline.bad h1{color:var(--bad)}
.headline.good h1{color:var(--good)}
.counts{display:flex;flex-wrap:wrap;gap:0 16px;margin:4px 0 0;padding:0;list-style:none}
input,select,button,textarea{font:inherit;color:inherit}
input,select,textarea{min-height:40px;padding:4px 8px;border:1px solid var(--quiet);border-radius:4px;
background:var(--field);min-width:0;max-width:100%}
button{min-height:40px;padding:4px 16px;border:0;border-radius:4px;background:var(--text);
color:var(--card);font-weight:600;cursor:pointer}
button.plain{min-height:0;padding:8px 0;background:none;color:var(--quiet);font-weight:400}
button.second{background:none;border:1px solid var(--quiet);color:var(--text);font-weight:400}
label{display:block;color:var(--quiet);font-size:14px;line-height:20px}
.filters{display:flex;flex-wrap:wrap;gap:8px;align-items:end;margin-bottom:16px}
.filters .grow{flex:1 1 200px}
.filters .grow input{width:100%}
.card{background:var(--card);border-radius:4px;padding:16px}
.narrow{max-width:480px;margin:40px auto 0}
.narrow form{display:grid;gap:16px;margin-top:16px}
.narrow input{width:100%}
.apps{margin:0;padding:0;list-style:none;background:var(--card);border-radius:4px}
.apps>li{position:relative;display:grid;gap:0 16px;align-items:center;padding:8px 16px;
grid-template-columns:minmax(0,1fr) auto;grid-template-areas:"name status" "said heard" "strip strip";
border-top:1px solid var(--rule)}
.apps>li:first-child{border-top:0}
.apps>li:hover{background:var(--page)}
.name{grid-area:name;min-width:0;overflow-wrap:anywhere}
.name a{font-weight:600;text-decoration:none}
.name a::after{content:"";position:absolute;inset:0}
.apps>li:focus-within{outline:3px solid var(--focus);outline-offset:-3px}
.apps>li a:focus-visible{outline:none}
.status{grid-area:status;white-space:nowrap;font-weight:600}
.status::before{content:"";display:inline-block;width:10px;height:10px;margin-right:8px;
border:2px solid;border-radius:50%}
.status.up::before,.status.down::before{background:currentColor}
.status.down::before{border-radius:0;transform:rotate(45deg) scale(.9)}
.status.late::before{border-right-color:transparent}
.status.unknown::before{border-style:dotted}
.status.paused::before{border-width:0 3px;border-radius:0}
.up{color:var(--good)}.down{color:var(--bad)}.late{color:var(--late)}
.unknown,.new,.paused,.ignored{color:var(--calm)}
.apps .heard{grid-area:heard;text-align:right;white-space:nowrap}
.said{grid-area:said;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.past{grid-area:strip;display:grid;grid-template-columns:minmax(0,1fr) 72px;gap:8px;align-items:center}
.share{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.strip{display:block;width:100%;height:20px;background:var(--page);border-radius:2px}
.strip .up{fill:var(--band)}.strip .down{fill:var(--bad)}
.strip .unknown,.strip .paused,.strip .new{fill:var(--calm)}
.strip .beats{fill:none;stroke:var(--text);stroke-width:1;vector-effect:non-scaling-stroke}
.strong{font-weight:600}
.headline p{max-width:45em}
.table{width:100%;border-collapse:collapse;background:var(--card);border-radius:4px}
.table th,.table td{padding:8px 16px;border-top:1px solid var(--rule);text-align:left;
vertical-align:top;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.table th{font-weight:400}
.table thead th{border-top:0}
.settings{table-layout:fixed}
.settings tbody th{font-weight:600}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
.meaning{display:block;font-weight:400}
.rows{margin:0;padding:0;list-style:none;background:var(--card);border-radius:4px}
.rows>li{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:start;padding:16px;
border-top:1px solid var(--rule)}
.rows>li:first-child{border-top:0}
.rows>li>div{flex:1 1 240px;min-width:0;overflow-wrap:anywhere}
.rows p{margin:4px 0 0}
.form{display:grid;gap:16px;max-width:40em}
.form p{margin:4px 0 0}
.form button{justify-self:start}
.field label{margin-bottom:4px}
.field input,.field select{width:100%}
fieldset{min-width:0;margin:0;padding:0;border:0}
legend{padding:0;font-weight:600}
.choices{display:flex;flex-wrap:wrap;gap:0 24px}
.choice{display:flex;gap:8px;align-items:center;min-height:40px;color:inherit;font-size:inherit;
line-height:inherit}
.choice input{flex:none;width:20px;min-height:20px;margin:0;accent-color:var(--text)}
[aria-invalid]{border:2px solid var(--bad)}
@supports selector(:has(*)){
.form:not(:has([value=tag]:checked)) .of-tag,.form:not(:has([value=app]:checked)) .of-app_id,
.form:not(:has([value=once]:checked)) .of-at,.form:not(:has([value=weekly]:checked)) .of-weekday,
.form:not(:has([value=daily]:checked,[value=weekly]:checked)) .of-time{display:none}}
@media (min-width:700px){.settings tr>:first-child{width:45%}.settings tr>:nth-child(3){width:20%}}
@media (max-width:699px){
.table,.table tbody,.table tr,.table th,.table td{display:block}
.table thead{position:absolute;left:-999px}
.table tr{padding:8px 16px;border-top:1px solid var(--rule)}
.table tr:first-child{border-top:0}
.table th,.table td{padding:0;border:0}
.table.heard td:nth-child(-n+2){display:inline-block;margin-right:16px}
.table [data-label]::before{content:attr(data-label) ": ";color:var(--quiet);font-weight:400}}
.apps.letters>li{grid-template-columns:auto minmax(0,1fr);
grid-template-areas:"name name" "status heard" "said said"}
.letters .said{white-space:normal;overflow-wrap:anywhere}
.letters .heard{align-self:start;white-space:normal}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:16px 0}
.facts dt{color:var(--quiet)}
.facts dd{margin:0;overflow-wrap:anywhere}
.news{margin:8px 0;list-style:none}
.news li,.alarm,.card li{overflow-wrap:anywhere}
.news li+li{margin-top:8px}
.words{margin:8px 0;white-space:pre-wrap;overflow-wrap:anywhere;
font:14px/20px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.letter{display:block;width:100%;height:640px;border:1px solid var(--rule);border-radius:4px}
.more{display:flex;gap:16px;margin-top:16px}
.actions{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin:16px 0}
.actions form{display:flex;gap:8px;min-width:0}
button.danger{background:var(--bad)}
.tag{display:inline-block;padding:0 8px;border:1px solid var(--rule);border-radius:4px;text-decoration:none}
.note{white-space:pre-wrap;overflow-wrap:anywhere;max-width:70ch}
.why{margin:8px 0;padding:0;list-style:none;max-width:70ch}
.ranges{margin-bottom:8px}
.card .strip{height:40px}
.ends{display:flex;justify-content:space-between;gap:8px;margin:8px 0 0}
summary{cursor:pointer}
.whole{display:block;margin-top:4px;white-space:pre-wrap}
.edit{display:grid;gap:16px}
.edit p{margin:0}
.edit input,.edit textarea{width:100%}
.clashes{display:grid;gap:16px}
.clashes .alarm{margin:0}
.versus{display:grid;gap:0 16px;grid-template-columns:repeat(auto-fit,minmax(min(240px,100%),1fr))}
.versus .choice{align-items:start;padding:8px 0}
.edit .versus input{width:20px}
.versus span{min-width:0;overflow-wrap:anywhere}
.snippet{margin:0 0 8px;padding:8px 16px;background:var(--card);border-radius:4px}
pre{margin:8px 0;padding:8px;overflow-x:auto;background:var(--page);border-radius:4px;
font:14px/20px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (min-width:900px){
.edit{grid-template-columns:1fr 1fr 1fr 1fr}.edit>p,.edit>.clashes,.edit>.whole-width,#backtest{grid-column:1/-1}
.apps>li{grid-template-columns:minmax(0,3fr) minmax(110px,1fr) minmax(110px,1fr) minmax(0,5fr);
grid-template-areas:"name status heard strip" "said said said strip"}
.apps.letters>li{grid-template-columns:minmax(0,1fr) auto;grid-template-areas:"name status" "said heard"}
.letters .status{justify-self:end}
}
@media (min-width:2000px){html{font-size:20px;line-height:30px}body{max-width:1800px}
.small,.words,footer,label{font-size:18px;line-height:26px}h1{font-size:36px;line-height:44px}h2{font-size:25px;line-height:35px}}
@media (prefers-reduced-motion:no-preference){.apps>li{transition:background-color .1s}}
`;

/** The style sheet of all pages. */
export const STYLESHEET: string = [
  `:root{${variables(LIGHT, LIGHT_MORE)}}`,
  `@media (prefers-color-scheme:dark){:root{${variables(DARK, DARK_MORE)}}}`,
  RULES.replaceAll("\n", ""),
].join("");

function variables(palette: Palette, more: Readonly<Record<string, string>>): string {
  const all = Object.entries({ ...palette, ...more });
  return all.map(([part, colour]) => `--${part}:${colour}`).join(";");
}
