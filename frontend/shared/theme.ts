// Theme and density: kept in a cookie, so that the server draws the first paint right (no inline script needed).
const root = document.documentElement;

export function remember(name: string, value: string): void {
  document.cookie = `mg_${name}=${value};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
}

export function setTheme(theme: string): void {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  remember("theme", theme);
}

export function setDensity(density: string): void {
  root.dataset.density = density;
  remember("density", density);
}

export function isDark(): boolean {
  return root.dataset.theme === "dark" || (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}
