import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/root.ts';

/** How a command begins, maybe after variables. */
const COMMAND = /^([A-Z_]+=\S+ )*(npx \S+|npm|node|docker|kubectl|cd) \S/;

/** The commands of the README that can be pasted, each once: the lines of its shell blocks, and those within sentences. */
export async function extractCommands(): Promise<string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const commands: string[] = [];
  const text = readme.replace(/^```(\w*)\n(.*?)^```$/gms, (_, language: string, code: string) => {
    const lines = code.split('\n').map((line) => line.replace(/ +#.*$/, ''));
    if (language === 'sh') commands.push(...lines.filter((line) => line !== ''));
    else commands.push(...lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2)));
    return '';
  });
  const spans = [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span as string);
  commands.push(...spans.filter((span) => COMMAND.test(span)));
  return [...new Set(commands)];
}
