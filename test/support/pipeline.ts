import { connect } from 'node:net';

/**
 * Sends requests over one connection, so many at a time without waiting between them, and resolves when each is answered.
 * Lean, so that the app is what is under load.
 */
export function sendPipelined(port: number, targets: Iterator<string>, depth: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    let answered = 0;
    let asked = 0;
    let rest = '';
    const ask = () => {
      let text = '';
      for (let i = 0; i < depth; i++) {
        const { value, done } = targets.next();
        if (done) break;
        text += `GET ${value} HTTP/1.1\r\nHost: test\r\n\r\n`;
        asked++;
      }
      if (text === '') socket.end(() => resolve(answered));
      else socket.write(text);
    };
    socket.on('data', (data) => {
      const text = rest + data;
      const parts = text.split('HTTP/1.1 ');
      answered += parts.length - 1;
      // The beginning of a status line may be cut anywhere.
      rest = /(?:H|HT|HTT|HTTP|HTTP\/|HTTP\/1|HTTP\/1\.|HTTP\/1\.1)$/.exec(text)?.[0] ?? '';
      if (answered === asked) ask();
    });
    socket.on('error', reject);
    ask();
  });
}

/** The items of one list, shared among all who take of it. */
export function* generateTargets(count: number, target: (i: number) => string): Generator<string> {
  for (let i = 0; i < count; i++) yield target(i);
}
