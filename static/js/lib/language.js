// Which language the panel speaks, and its sentences. A further one is a file more in ../languages/.

/** The languages that there are, each with the region whose numbers and dates it is shown in by default. */
const KNOWN = { es: "es-MX", en: "en-US" };
let spoken = "es";
let sentences = {};

/** ?lang=, then the studio's choice, then the browser's. */
export async function chooseLanguage() {
  const wanted = [new URLSearchParams(location.search).get("lang"), studioLanguage(), ...navigator.languages];
  const found = wanted.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => tag in KNOWN);
  spoken = found ?? "es";
  sentences = (await import(`../languages/${spoken}.js`)).default;
  document.documentElement.lang = spoken;
  document.title = say("title");
}

export const language = () => spoken;
/** For numbers and dates: the browser's own region where it speaks the language too. */
export const locale = () => navigator.languages.find((tag) => tag.startsWith(`${spoken}-`)) ?? KNOWN[spoken];

/** A sentence with its places filled; one with forms by number takes `count`. */
export function say(name, values = {}) {
  let sentence = sentences[name] ?? name;
  if (typeof sentence === "object") {
    const form = new Intl.PluralRules(spoken).select(values.count);
    sentence = sentence[form] ?? sentence.other;
  }
  return sentence.replace(/\{(\w+)\}/g, (_, place) => shown(values[place]));
}

const shown = (value) => (typeof value === "number" ? value.toLocaleString(locale()) : String(value ?? "—"));

function studioLanguage() {
  try {
    return localStorage.getItem("uiLanguage");
  } catch {
    return null;
  }
}
