/** Reads a secret from standard input: arguments are visible to other users of the machine. */
import { createInterface } from 'node:readline';

/** The first line, without its line end, and without the byte order mark that some editors and shells write first. */
export async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.replace(/^\u{FEFF}/u, '').replace(/\r$/, '');
    return '';
  } finally {
    // An open terminal would keep the process alive.
    lines.close();
    input.pause();
  }
}
