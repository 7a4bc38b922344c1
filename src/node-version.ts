/** The oldest Node.js that Postern runs on, as `engines` in package.json says. Imports nothing, so that every Node.js loads it. */
const oldest = { major: 22, minor: 17 };

/** @returns one sentence that says why this version is refused, or null */
export function nodeProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isSupported = major > oldest.major || (major === oldest.major && minor >= oldest.minor);
  if (isSupported) return null;
  return `Node.js ${version} is not supported: install Node.js ${oldest.major}.${oldest.minor} or newer. In a checkout, "npm ci" installs Node.js 24 and "npm run postern" uses it.`;
}
