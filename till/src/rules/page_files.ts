/** Files of the program that a page names and that are not among `files`: a page of another build. */
export function foreignFiles(html: string, files: readonly string[], folder = '/static/till/'): string[] {
  const named = html.match(new RegExp(`${folder}[^"'?#\\s>]+`, 'g')) ?? []
  return [...new Set(named)].filter((one) => !files.includes(one))
}
