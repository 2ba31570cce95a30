/** Files of the program that a page names and that are not among `files`: a page of another build. */
export function foreignFiles(html: string, files: readonly string[]): string[] {
  const named = html.match(/\/static\/till\/[^"'?#\s>]+/g) ?? []
  return [...new Set(named)].filter((one) => !files.includes(one))
}
