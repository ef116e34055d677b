/* How the person wants the page to look: what this device has kept, before anything is drawn; the app
   calls this for what they choose. */
function look(name, value) {
  document.documentElement.dataset[name] = value;
  if (name === "theme")
    for (const scheme of [light, dark])
      scheme.media = value === "light" || value === "dark" ? (scheme.id === value ? "all" : "not all") : `(prefers-color-scheme: ${scheme.id})`;
}
for (const name of ["theme", "density", "motion"])
  try { look(name, localStorage["chat." + name] ?? ""); } catch {}
