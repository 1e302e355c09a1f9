// Builds styles and browser code into the doors' static folders. `node build.mjs` writes, `--check` compares.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const doors = join(here, "../src/makegood/doors");
const read = (path, encoding = "utf8") => readFile(join(here, path), encoding);
const outputs = new Map();

function tokens({ colours, more }) {
  const lines = (set, mode) => Object.entries(set).map(([name, pair]) => `--${name}:${pair[mode]}`).join(";");
  const light = `color-scheme:light;${lines(colours, 0)}`, dark = `color-scheme:dark;${lines(colours, 1)}`;
  return `:root{${light}}
@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){${dark}}}
:root[data-theme="dark"]{${dark}}
@media (prefers-contrast:more){:root{${lines(more, 0)}}:root[data-theme="dark"]{${lines(more, 1)}}}
@media (prefers-contrast:more) and (prefers-color-scheme:dark){:root:not([data-theme="light"]){${lines(more, 1)}}}
@media print{:root:root{${light}}}
`;
}

async function sprite() {
  const symbols = [];
  for (const [name, file] of Object.entries(JSON.parse(await read("icons.json")))) {
    const svg = await read(`node_modules/@tabler/icons/icons/outline/${file}.svg`);
    const paths = [...svg.matchAll(/<(?:path|circle|rect|line)\b[^>]*\/>/g)].map(([tag]) => tag).filter((tag) => !tag.includes('d="M0 0h24v24H0z"'));
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${paths.join("")}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function bundle(entry, prefix = "") {
  const result = await build({
    entryPoints: [join(here, entry)], bundle: true, minify: true, write: false, format: "esm", target: ["es2022", "safari16"],
    charset: "utf8", legalComments: "none", external: ["/static/*"], logLevel: "warning",
  });
  return prefix + result.outputFiles[0].text;
}

const notice = "/*! Makegood, AGPL-3.0-or-later. Built from frontend/. */\n";
const colours = tokens(JSON.parse(await read("styles/tokens.json")));
for (const door of ["console", "portal", "api"]) {
  outputs.set(`${door}/static/${door}/${door}.css`, notice + colours + (await bundle(`styles/${door}.css`)));
  outputs.set(`${door}/static/${door}/${door}.js`, await bundle(`${door}/main.ts`, notice));
}
outputs.set("console/static/console/arrive.js", await bundle("console/arrive.ts", notice));
outputs.set("console/static/console/insights.js", await bundle("console/insights.ts", notice));
outputs.set("ui/static/ui/icons.svg", await sprite());
outputs.set("ui/static/ui/htmx.min.js", (await read("node_modules/htmx.org/dist/htmx.min.js")).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
outputs.set("ui/static/ui/inter-latin.woff2", await read("node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", null));
outputs.set("ui/static/ui/inter-latin-ext.woff2", await read("node_modules/@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2", null));
outputs.set("ui/static/ui/licences/inter.txt", await read("node_modules/@fontsource-variable/inter/LICENSE"));
outputs.set("ui/static/ui/licences/htmx.txt", await read("node_modules/htmx.org/LICENSE"));
outputs.set("ui/static/ui/licences/uplot.txt", await read("node_modules/uplot/LICENSE"));
outputs.set("ui/static/ui/licences/tabler-icons.txt", await read("node_modules/@tabler/icons/LICENSE"));

// Beside each text its packed forms, which WhiteNoise hands out. They are compared unpacked: zlib's bytes differ between versions.
const PACKED = [
  [".gz", (bytes) => gzipSync(bytes, { level: 9 }), gunzipSync],
  [".br", (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }), brotliDecompressSync],
];
const BUDGETS = { "api/static/api": 20_000, "portal/static/portal": 60_000, "console/static/console": 200_000 };
const weights = {};

async function same(target, content, unpack = (bytes) => bytes) {
  const there = await readFile(target).catch(() => null);
  return there !== null && unpack(there).equals(content);
}

const checking = process.argv.includes("--check");
let wrong = 0;
for (const [path, text] of outputs) {
  const target = join(doors, path), content = Buffer.from(text);
  const forms = /\.(css|js|svg)$/.test(path) ? PACKED : [];
  if (forms.length) weights[dirname(path)] = (weights[dirname(path)] ?? 0) + forms[0][1](content).length;
  if (!checking) await mkdir(dirname(target), { recursive: true });
  for (const [suffix, pack, unpack] of [["", (bytes) => bytes, (bytes) => bytes], ...forms]) {
    const fresh = await same(target + suffix, content, unpack);
    if (fresh) continue;
    if (checking) { console.error(`stale: src/makegood/doors/${path}${suffix} (run make frontend)`); wrong = 1; }
    else await writeFile(target + suffix, pack(content));
  }
}
for (const [folder, limit] of Object.entries(BUDGETS)) {
  if (weights[folder] > limit) { console.error(`too heavy: ${folder} weighs ${weights[folder]} bytes packed, ${limit} are allowed`); wrong = 1; }
}
process.exitCode = wrong;
