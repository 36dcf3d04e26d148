// Builds mapsvc/static/ from templates/assets/ and the npm packages: what the pages load, under
// names that carry a hash of their content, so that browsers may keep them for ever.
// manifest.json says which file has which name. Nothing here knows the pages.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild-wasm";
import * as sass from "sass";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OURS = join(ROOT, "templates", "assets");
const LOOKS = join(ROOT, "mapsvc", "maps", "statuses.json");
const PACKAGES = join(ROOT, "node_modules");
const STATIC = join(ROOT, "mapsvc", "static");
const BUILT = join(STATIC, ".building");

// Ready-made files: the name our pages use, and where the package has it.
const READY_MADE = {
  "accessible-autocomplete.js": "accessible-autocomplete/dist/accessible-autocomplete.min.js",
  "accessible-autocomplete.css": "accessible-autocomplete/dist/accessible-autocomplete.min.css",
  "leaflet-locate.js": "leaflet.locatecontrol/dist/L.Control.Locate.min.js",
};
// The map is one script: a request for each of its parts costs more on a slow line than its bytes.
const MAP = ["gestures", "locate", "view", "turns", "status", "tiles", "places", "popups", "issues", "legend"].map((name) => join(OURS, "map", `${name}.js`));
const LEAFLET = join(OURS, "map", "leaflet.js");
// So is all that a page in another site's frame runs before its map.
const EMBED = ["search.js", "map-loader.js", "embed.js"].map((name) => join(OURS, name));
// What Leaflet asks of Internet Explorer takes as long as all the rest of it when it starts: whether
// a tag makes an SVG, and whether there is VML.
const LONG_GONE = {
  "Browser.js": [/var inlineSvg = [^]*?\}\)\(\);/, "var inlineSvg = svg;"],
  "SVG.VML.js": [/^[^]*\bvmlCreate = [^]*\bvmlMixin = [^]*$/, "export var vmlCreate, vmlMixin;"],
};
const BROWSERS = "es2020";
// The same of its stylesheet, and what no map of ours has.
const UNUSED_RULES = /tooltip|attribution|image-layer|div-icon|default-icon|text-active|oldie|vml/;
const UNUSED_PREFIXES = /(?<=^|;)-(moz-|ms-|webkit-trans)[^;]*;?/g;
const IMAGES = join(PACKAGES, "leaflet", "dist", "images");
const COPIED_AS_THEY_ARE = new Set([".js", ".svg", ".png", ".ico"]);
const WORTH_COMPRESSING = new Set([".js", ".css", ".svg"]);

const hashOf = (content) => createHash("sha256").update(content).digest("hex").slice(0, 10);

/** The table of statuses as a Sass map: `@import "statuses"` gives `$statuses`. */
const statuses = {
  canonicalize: (url) => (url === "statuses" ? new URL("table:statuses") : null),
  load: () => {
    const table = JSON.parse(readFileSync(LOOKS, "utf8"));
    const entries = Object.entries(table).map(([code, look]) =>
      `"${code}": (colour: ${look.colour}, dash: "${look.dash.join(" ") || "none"}")`);
    return { contents: `$statuses: (${entries.join(", ")});`, syntax: "scss" };
  },
};

/** The stylesheet of one of our .scss files, minified. */
function compiled(path) {
  const css = sass.compile(path, {
    loadPaths: [PACKAGES],
    importers: [statuses],
    quietDeps: true,
    // GOV.UK Frontend 5 is made to be imported, not used.
    silenceDeprecations: ["import", "global-builtin"],
    style: "compressed",
  }).css;
  return css.replace(/([^{}]*(?:leaflet|lvml)[^{}]*)\{([^{}]*)\}/g, usedRule);
}

/** A rule of Leaflet's stylesheet with what is of use. */
function usedRule(rule, selectors, declarations) {
  const used = selectors.split(",").filter((selector) => !UNUSED_RULES.test(selector));
  return used.length ? `${used.join(",")}{${declarations.replaceAll(UNUSED_PREFIXES, "")}}` : "";
}

/** Every file we serve, by the name our pages use. */
async function contents() {
  const files = {};
  for (const name of readdirSync(OURS).sort()) {
    if (extname(name) === ".scss" && !name.startsWith("_")) {
      files[`${basename(name, ".scss")}.css`] = compiled(join(OURS, name));
    } else if (COPIED_AS_THEY_ARE.has(extname(name))) {
      files[name] = extname(name) === ".js" ? await ours(join(OURS, name)) : readFileSync(join(OURS, name));
    }
  }
  for (const [name, path] of Object.entries(READY_MADE)) {
    files[name] = withoutSourceMap(readFileSync(join(PACKAGES, path), "utf8"));
  }
  files["map.js"] = (await leaflet()) + (await joined(MAP));
  files["map-list.js"] = await ours(join(OURS, "map/list.js"));
  files["map-pin.js"] = await ours(join(OURS, "map/pin.js"));
  files["embed.js"] = await joined(EMBED);
  return files;
}

/** Scripts of ours after each other, each a statement of its own. */
async function joined(paths) {
  return (await Promise.all(paths.map(ours))).join("");
}

/** A script of ours as small as it gets: they are written to be read. */
async function ours(path) {
  const { code } = await esbuild.transform(readFileSync(path, "utf8"), { minify: true, target: BROWSERS });
  return code;
}

/** The parts of Leaflet that we use, as one script. */
async function leaflet() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [LEAFLET], bundle: true, globalName: "L", format: "iife", minify: true, target: BROWSERS, write: false,
    plugins: [{ name: "browsers of today", setup: (build) => build.onLoad({ filter: /(Browser|SVG\.VML)\.js$/ }, withoutLongGone) }],
  });
  return outputFiles[0].text;
}

/** A part of Leaflet for browsers of today; another Leaflet may say the same in other words. */
function withoutLongGone({ path }) {
  const text = readFileSync(path, "utf8"), [question, answer] = LONG_GONE[basename(path)];
  if (!question.test(text)) throw new Error(`Leaflet does not have ${question} any more.`);
  return { contents: text.replace(question, answer) };
}

/** We do not ship the source maps, and a browser would ask for them. */
function withoutSourceMap(text) {
  return text.replace(/\n?\/[/*][#@] sourceMappingURL=\S+( \*\/)?\s*$/, "\n");
}

/** Leaflet finds its images from its stylesheet by their plain names: the folder has the hash. */
function copyImages(manifest) {
  const names = readdirSync(IMAGES).sort();
  const folder = `images-${hashOf(Buffer.concat(names.map((name) => readFileSync(join(IMAGES, name)))))}`;
  cpSync(IMAGES, join(BUILT, folder), { recursive: true });
  for (const name of names) manifest[`images/${name}`] = `${folder}/${name}`;
  return folder;
}

function writeCompressed(path, content) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, quality));
}

/** The licences ask to travel with the code. */
function licences() {
  const packages = ["accessible-autocomplete", "govuk-frontend", "leaflet", "leaflet.locatecontrol"];
  return packages.map((name) => {
    const folder = join(PACKAGES, name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = file ? readFileSync(join(folder, file), "utf8") : `Licence: ${license}\n`;
    return `${name} ${version}\n\n${text}`;
  }).join("\n----\n\n");
}

async function build() {
  rmSync(BUILT, { recursive: true, force: true });
  mkdirSync(BUILT, { recursive: true });
  const manifest = {};
  const images = copyImages(manifest);
  for (const [name, raw] of Object.entries(await contents())) {
    const content = name.endsWith(".css") ? String(raw).replaceAll("url(images/", `url(${images}/`) : raw;
    const ending = extname(name);
    manifest[name] = `${basename(name, ending)}.${hashOf(content)}${ending}`;
    writeFileSync(join(BUILT, manifest[name]), content);
    if (WORTH_COMPRESSING.has(ending)) writeCompressed(join(BUILT, manifest[name]), content);
  }
  writeFileSync(join(BUILT, "licences.txt"), licences());
  writeFileSync(join(BUILT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The manifest moves last: whoever reads it finds every file it names. */
function replaceOld() {
  const fresh = readdirSync(BUILT).sort((a, b) => (a === "manifest.json") - (b === "manifest.json"));
  for (const name of fresh) {
    const target = join(STATIC, name);
    if (name.startsWith("images-")) rmSync(target, { recursive: true, force: true });
    renameSync(join(BUILT, name), target);
  }
  for (const name of readdirSync(STATIC)) {
    if (name !== ".gitkeep" && !fresh.includes(name)) rmSync(join(STATIC, name), { recursive: true });
  }
}

await build();
replaceOld();
await esbuild.stop();
