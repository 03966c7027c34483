import { connect } from 'node:net';

/**
 * Sends requests over one connection, `depth` at a time, and resolves when all are answered. It parses as little as
 * possible, so that the app is under load and not the client.
 */
export function sendPipelined(port: number, targets: Iterator<string>, depth: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    let answered = 0;
    let sent = 0;
    let rest = '';
    const send = () => {
      let text = '';
      for (let i = 0; i < depth; i++) {
        const { value, done } = targets.next();
        if (done) break;
        text += `GET ${value} HTTP/1.1\r\nHost: test\r\n\r\n`;
        sent++;
      }
      if (text === '') socket.end(() => resolve(answered));
      else socket.write(text);
    };
    socket.on('data', (data) => {
      const text = rest + data;
      const parts = text.split('HTTP/1.1 ');
      answered += parts.length - 1;
      // A packet may end within the start of a status line.
      rest = /(?:H|HT|HTT|HTTP|HTTP\/|HTTP\/1|HTTP\/1\.|HTTP\/1\.1)$/.exec(text)?.[0] ?? '';
      if (answered === sent) send();
    });
    socket.on('error', reject);
    send();
  });
}

/** Generates `count` targets. Connections that share one generator send each target once. */
export function* generateTargets(count: number, target: (i: number) => string): Generator<string> {
  for (let i = 0; i < count; i++) yield target(i);
}
