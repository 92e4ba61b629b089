/**
 * The file of a thread that stands beside the file which starts it. In the bundle, which has all beside one another, it
 * has another ending.
 * @param here the `import.meta.url` of who starts it
 */
export function threadFile(name: string, here: string): URL {
  return new URL(`./${name}${here.endsWith('.ts') ? '.ts' : '.js'}`, here);
}
