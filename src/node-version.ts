/**
 * Null if Jindu runs on this Node, otherwise the sentence that says what it needs. The database driver is built for
 * Node-API 10: on an older Node it does not fail but takes the process down without a word.
 */
export function nodeVersionFault(versions: { node: string; napi?: string | undefined }): string | null {
  return Number(versions.napi) >= 10 ? null : `Jindu needs Node >= 22.14 (this is ${versions.node})`;
}
