import type { Sent } from './requests.ts';

/** The request as a line for a shell, with the bearer secret in a variable named after who sends it. */
export function curlLine({ operation, address, headers, body, as }: Sent): string {
  const words = ['curl -i --path-as-is'];
  if (operation.method !== 'GET') words.push(`-X ${operation.method}`);
  words.push(quoted(`http://localhost:3000${address}`));
  if (as !== 'nobody') words.push(`-H "authorization: Bearer $${as.toUpperCase()}"`);
  for (const [name, text] of Object.entries(headers))
    words.push(`-H ${quoted(text === '' ? `${name};` : `${name}: ${text}`)}`);
  if (body === null) return words.join(' ');
  words.push(
    body.contentType === null ? `-H 'content-type:'` : `-H ${quoted(`content-type: ${body.contentType}`)}`,
  );
  const text = body.bytes.toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a shell takes most of these, a reader none
  const isPlain = Buffer.from(text).equals(body.bytes) && !/[\u0000-\u001f\u007f-\u009f\ufeff]/.test(text);
  if (isPlain) return [...words, `--data-binary ${quoted(text)}`].join(' ');
  const octal = [...body.bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return [`printf '${octal}' |`, ...words, '--data-binary @-'].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
